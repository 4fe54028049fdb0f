/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int state = 1;
static noinline int helper(int x) { return elsewhere(x) + state++; }
int run_b(int x) { return helper(x) + 7; }
#else
int run_b(int x) { return elsewhere(x); }
#endif
