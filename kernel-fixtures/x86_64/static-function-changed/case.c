/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int helper(int x)
{
#ifdef PATCHED
	if (x > 100)
		return -1;
#endif
	return outside(x) + elsewhere(x);
}
int caller(int x) { return helper(x) + helper(x + 1); }
