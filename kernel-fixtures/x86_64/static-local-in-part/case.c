/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int part(int x) __asm__("work.part.0");
static noinline int part(int x) { static int calls = 5; calls += x; return outside(calls) + 1; }
int work(int x) { return x > 5 ? part(x) : x; }
#else
int work(int x) { static int calls = 5; if (x <= 5) return x; calls += x; return outside(calls); }
#endif
