/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define FEATURE 299
#else
#define FEATURE 298
#endif
#define alternative_of(feature) alternative("nop; nop; nop", "lfence", feature)
int first(int x) { alternative_of(297); return outside(x); }
#if FEATURE == 299
int work(int x) { alternative_of(299); return outside(x); }
#else
int work(int x) { alternative_of(298); return outside(x); }
#endif
