/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __always_inline int limit(int x)
{
#ifdef PATCHED
	return x > 10 ? 10 : x;
#else
	return x > 9 ? 9 : x;
#endif
}
int first(int x) { return outside(limit(x)); }
int second(int x) { return elsewhere(limit(x)); }
int third(int x) { return outside(x); }
