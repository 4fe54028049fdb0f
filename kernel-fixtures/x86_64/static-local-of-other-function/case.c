/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static noinline int two(int x) { static int count = 3; return elsewhere(x) - count++; }
int first(int x) { return outside(x); }
int second(int x) { return two(x) + 2; }
#else
static noinline int one(int x) { static int count = 3; return outside(x) + count++; }
int first(int x) { return one(x) + 1; }
int second(int x) { return elsewhere(x) + 2; }
#endif
