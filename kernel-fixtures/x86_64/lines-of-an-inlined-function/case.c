/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __always_inline void check(void *inode, int line) { if (inode) __might_sleep(__FILE__, line); }
#ifdef PATCHED
#line 540 "case.c"
#else
#line 500 "case.c"
#endif
int work(void *inode, int x)
{
	outside(x);
	check(inode, __LINE__);
	return elsewhere(x);
}
