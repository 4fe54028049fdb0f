/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
void myfs_abort(void *trans, const char *function, unsigned int line, int error);
int work(void *trans, int x)
{
	if (x < 0)
		myfs_abort(trans, __func__, __LINE__, x);
	return outside(x);
}
