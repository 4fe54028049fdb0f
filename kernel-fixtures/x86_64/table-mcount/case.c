/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int x) { return outside(x); }
#ifdef PATCHED
noinline int helper(int x) { return outside(x) + elsewhere(x); }
int work(int x) { return helper(x) + 2; }
#else
int work(int x) { return outside(x) + 1; }
#endif
