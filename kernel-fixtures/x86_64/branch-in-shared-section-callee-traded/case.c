/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int __sched one(int n) { return outside(n) + 1; }
static noinline int __sched two(int n) { return outside(n) + 2; }
#ifdef PATCHED
int __sched pick(int n) { consume(&n); return two(n) + one(n + 1); }
#else
int __sched pick(int n) { consume(&n); return one(n) + two(n + 1); }
#endif
