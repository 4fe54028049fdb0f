/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

#define annotate() __asm__ volatile("1:\n.pushsection .discard.reachable\n\t.long 1b - .\n.popsection")
int first(int x) { annotate(); return outside(x); }
#ifdef PATCHED
int work(int x) { annotate(); outside(x); annotate(); return elsewhere(x) + BY; }
#else
int work(int x) { annotate(); return elsewhere(x) + BY; }
#endif
int last(int x) { annotate(); return elsewhere(x); }
