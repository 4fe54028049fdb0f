/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
static notrace noinline int walk(int x) { if (x > 9) return outside(x); return walk(x + BY) + outside(x); }
int start(int x) { return walk(x); }
