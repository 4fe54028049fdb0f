/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int part(int x) __asm__("work.part.0");
#ifdef PATCHED
static noinline int part(int x) { return outside(x) + elsewhere(x) + 1; }
static __always_inline int head(int x) { return x > 5 ? part(x) : x; }
noinline int work(int x) { return head(x); }
int caller(int x) { return head(x) + 3; }
#else
noinline int work(int x) { return x > 5 ? outside(x) + elsewhere(x) : x; }
int caller(int x) { return work(x) + 3; }
#endif
