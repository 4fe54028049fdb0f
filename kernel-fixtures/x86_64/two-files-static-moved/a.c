/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int run_a(int x) { return outside(x); }
#else
static int state = 1;
static noinline int helper(int x) { return outside(x) + state++; }
int run_a(int x) { return helper(x); }
#endif
