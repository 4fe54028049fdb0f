/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void fail(const char *text) __cold;
int work(int x)
{
#ifdef PATCHED
	if (x < 0) {
		fail("negative");
		x = elsewhere(x);
		fail("still here");
	}
#endif
	return outside(x) + 1;
}
