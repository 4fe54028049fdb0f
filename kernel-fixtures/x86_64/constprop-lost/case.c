/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int work(int x, int mode)
{
	return mode ? outside(x) + elsewhere(mode) : elsewhere(x);
}
#ifndef PATCHED
int caller(int x) { return work(x, 7) + 1; }
int other(int x) { return work(x + 1, 7) + 1; }
#else
int caller(int x) { return work(x, x + 3) + 1; }
int other(int x) { return work(x + 1, x) + 1; }
#endif
