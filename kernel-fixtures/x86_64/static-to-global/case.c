/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
noinline int helper(int x) { return outside(x) + 2; }
#else
static noinline int helper(int x) { return outside(x) + 1; }
#endif
int caller(int x) { return helper(x) + helper(x * 2); }
