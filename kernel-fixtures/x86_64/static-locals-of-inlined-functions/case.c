/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define HELPER static __always_inline
#else
#define HELPER static noinline
#endif
HELPER int one(int x) { static int count = 3; return outside(x) + count++; }
HELPER int two(int x) { static int count = 3; return elsewhere(x) - count++; }
int first(int x) { return one(x) + 1; }
int second(int x) { return two(x) + 2; }
