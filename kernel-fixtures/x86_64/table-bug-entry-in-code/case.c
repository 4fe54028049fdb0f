/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { WARN_FORMAT(x > 5, "first is %d"); return outside(x); }
int work(int x)
{
	WARN_FORMAT(x < 0, "work is negative");
	WARN_FORMAT(x > 6, "work is above six");
	return outside(x) + BY;
}
int last(int x) { WARN_FORMAT(x > 7, "last is %d"); return elsewhere(x); }
