/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void fail(const char *text) __cold;
int work(int x)
{
	if (unlikely(x < 0)) {
#ifdef PATCHED
		fail("negative!");
		fail("really");
#else
		fail("negative");
#endif
		return -1;
	}
	return outside(x);
}
