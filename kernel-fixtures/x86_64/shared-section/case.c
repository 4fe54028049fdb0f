/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int __sched wait_short(int x) { return outside(x); }
#ifdef PATCHED
int __sched wait_long(int x) { return outside(x) + outside(x * 2) + 2; }
#else
int __sched wait_long(int x) { return outside(x) + 1; }
#endif
int __sched wait_never(int x) { return elsewhere(x); }
