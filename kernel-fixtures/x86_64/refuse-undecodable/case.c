/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

static int state __read_mostly = 1;
static int other_state __read_mostly = 2;
int work(int x) { __asm__ volatile(".byte 0x06"); state += BY; other_state += x; return outside(x); }
