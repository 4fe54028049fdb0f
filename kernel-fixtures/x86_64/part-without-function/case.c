/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

static int part(int x) __asm__("work.part.0");
static noinline notrace int part(int x) { return outside(x) + BY; }
int first(int x) { return x > 5 ? part(x) : x; }
int second(int x) { return x > 7 ? part(x) : elsewhere(x); }
int other(int x) { return elsewhere(x); }
