/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	pr_debug("work begins %d\n", x);
	x = outside(x);
#ifdef PATCHED
#line 40 "case.c"
	pr_debug("new %d\n", x);
#endif
#line 50 "case.c"
	pr_debug("work goes on %d\n", x);
	x = elsewhere(x);
	pr_debug("work ends %d\n", x);
	return x;
}
int last(int x) { pr_debug("last %d\n", x); return outside(x); }
