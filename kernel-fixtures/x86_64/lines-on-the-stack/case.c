/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 240 "case.c"
#else
#line 200 "case.c"
#endif
void myfs_corrupt(const char *tag, int level, void *mount, const void *buffer, unsigned long size, const char *file, int line, void *address);
int work(void *mount, int x)
{
	if (x < 0)
		myfs_corrupt("work", 1, mount, &x, sizeof(x), __FILE__, __LINE__, 0);
	return outside(x);
}
