/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int x) { alternative("nop; nop; nop", "stac", 297); return outside(x); }
#ifdef PATCHED
int work(int x) { __asm__ volatile("nop; nop; nop" : : : "memory"); return outside(x); }
#else
int work(int x) { alternative("nop; nop; nop", "lfence", 298); return outside(x); }
#endif
