/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
static noinline int __sched slow(int n) { consume(&n); return outside(n) + BY; }
int __sched first(int n) { return slow(n) + 1; }
int __sched second(int n) { return first(n) + slow(n); }
