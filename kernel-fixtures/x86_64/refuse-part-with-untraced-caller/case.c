/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

static int part(int x) __asm__("work.part.0");
static noinline notrace int part(int x) { return outside(x) + BY; }
int work(int x) { return x > 5 ? part(x) : x; }
notrace int other(int x) { return x > 7 ? part(x) : elsewhere(x); }
