/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
static int __init setup(void) { return outside(1); }
device_initcall(setup);
int work(int x) { return outside(x); }
