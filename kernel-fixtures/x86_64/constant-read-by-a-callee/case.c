/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int policy[3] = { 1, 2, 4 };
#else
static const int policy[3] = { 1, 2, 3 };
#endif
static const int other[3] = { 7, 8, 9 };
static noinline int total(const int *p, int n) { int sum = 0; for (int i = 0; i < n; i++) sum += outside(p[i]); return sum; }
int start(int x) { return total(x ? policy : other, 3) + 1; }
