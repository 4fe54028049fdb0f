/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TIMEOUT 2042
#line 540 "case.c"
#else
#define TIMEOUT 2000
#line 500 "case.c"
#endif
void wait_for(void *what, int milliseconds);
void myfs_stop(const char *function, int line, void *handle);
int work(void *inode, int x)
{
	wait_for(inode, TIMEOUT);
	myfs_stop(__func__, __LINE__, inode);
	return outside(x);
}
