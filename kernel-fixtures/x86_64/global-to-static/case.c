/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static
#endif
noinline int helper(int x) { return outside(x) + 1; }
int caller(int x) { return helper(x) + helper(x * 2); }
