/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 540 "case.c"
#else
#line 500 "case.c"
#endif
void *myfs_start(void *inode, int line);
void myfs_stop(const char *function, int line, void *handle);
int work(void *inode, int x)
{
	void *handle = myfs_start(inode, __LINE__);
	outside(x);
	myfs_stop(__func__, __LINE__, handle);
	return x;
}
