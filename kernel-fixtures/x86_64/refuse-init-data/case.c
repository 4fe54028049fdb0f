/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int names[2] __initdata = { 1, BY };
int __init setup(void) { return outside(names[1]) + names[0]; }
int work(int x) { return outside(x); }
