/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void fail(const char *text, int n) __cold;
int work(int x)
{
	static int faults;
#ifdef PATCHED
	if (x < 0) {
		fail("negative", ++faults);
		x = elsewhere(x);
		fail("still here", faults);
	}
#else
	faults += x;
#endif
	return outside(x) + 1;
}
