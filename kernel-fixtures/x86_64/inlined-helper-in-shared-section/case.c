/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __always_inline int helper(int x)
{
#ifdef PATCHED
	if (x > 5)
		return outside(x) * 3;
#endif
	return elsewhere(x) + 1;
}
static noinline __sched int slow(int x) { return outside(x * 7); }
static noinline __sched int quick(int x) { return x < 3 ? slow(x) : helper(x); }
__sched int first(int x) { return quick(x) + slow(x); }
__sched int second(int x) { return helper(x) ? slow(x + 1) : quick(x); }
__sched int third(int x) { return first(x) - slow(x); }
