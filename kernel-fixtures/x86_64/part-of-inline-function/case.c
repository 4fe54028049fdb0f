/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

/* As the compiler splits an inline function: callers have the head inlined and call the part, or call the whole. */
static int part(int x) __asm__("work.part.0");
static noinline notrace int part(int x) { return outside(x) + BY; }
static noinline notrace int work(int x) { return x > 5 ? part(x) : x; }
int whole(int x) { return work(x) + 3; }
int inlined_head(int x) { return x > 7 ? part(x) : elsewhere(x); }
int other(int x) { return elsewhere(x); }
