/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
static int state __read_mostly = 1;
int odd(int x) { __asm__ volatile(".byte 0x06"); state += x; return outside(x); }
int work(int x) { return outside(x) + BY; }
