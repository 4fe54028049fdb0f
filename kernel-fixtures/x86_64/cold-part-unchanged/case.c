/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void fail(const char *text) __cold;
int other(int x) { return outside(x); }
int work(int x)
{
	if (x < 0) {
		fail("negative");
		x = elsewhere(x);
		fail("still here");
	}
#ifdef PATCHED
	return outside(x) + 2;
#else
	return outside(x) + 1;
#endif
}
