/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { alternative("nop; nop; nop", "stac", 297); return outside(x); }
int work(int x) { alternative("nop; nop; nop", "lfence", 298); return outside(x) + BY; }
