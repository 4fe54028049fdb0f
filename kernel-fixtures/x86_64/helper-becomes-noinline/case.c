/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static noinline int helper(int x) { return outside(x) * 3 + 1; }
#else
static inline int helper(int x) { return outside(x) * 3 + 1; }
#endif
int work(int x) { return helper(x) + elsewhere(x); }
