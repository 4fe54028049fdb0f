/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { WARN_ON(x > 5); return outside(x); }
int work(int x)
{
	WARN_ON(x > 6);
	WARN_ON(x < -6);
	return outside(x) + BY;
}
int last(int x) { WARN_ON(x > 7); return elsewhere(x); }
