/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int state = 1;
#ifdef PATCHED
static noinline int helper(int x) { return elsewhere(x) + 2 + state++; }
#else
static noinline int helper(int x) { return elsewhere(x) + 1 + state++; }
#endif
int run_b(int x) { return helper(x); }
