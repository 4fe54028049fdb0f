/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int __sched slow(int n) { consume(&n); return outside(n) + 1; }
#ifdef PATCHED
int __sched first(int n) { if (n > 90) return -22; return n > 3 ? slow(n) : n; }
#else
int __sched first(int n) { return n > 3 ? slow(n) : n; }
#endif
int __sched second(int n) { elsewhere(1); if (n) return slow(n + 1); return 0; }
