/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static noinline int helper(int x) { return outside(x) + 1; }
int run_b(int x) { return helper(x) + elsewhere(x); }
#else
int run_b(int x) { return outside(x) + elsewhere(x) + 1; }
#endif
