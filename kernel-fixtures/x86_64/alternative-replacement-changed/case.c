/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define NEW "mfence"
#else
#define NEW "lfence"
#endif
int first(int x) { alternative("nop; nop; nop", "stac", 297); return outside(x); }
int work(int x) { alternative("nop; nop; nop", NEW, 298); return outside(x); }
