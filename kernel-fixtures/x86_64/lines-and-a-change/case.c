/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
int other(int x) { might_sleep(); return elsewhere(x); }
int work(int x) {
	might_sleep();
#ifdef PATCHED
	return outside(x) + 2;
#else
	return outside(x) + 1;
#endif
}
