/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

void fail(const char *text, int n) __cold;
int first(int x) { WARN_ON(x > 5); return outside(x); }
int work(int x)
{
	if (unlikely(x < 0)) {
		fail("negative", 1);
		WARN_ON(elsewhere(x));
		fail("still here", 2);
	}
	return outside(x) + BY;
}
