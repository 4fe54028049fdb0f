/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TRIES 141
#line 140 "case.c"
#else
#define TRIES 101
#line 100 "case.c"
#endif
int wait_ready(const char *file, int line, int tries);
int work(int x)
{
	outside(x);
	outside(x + 1);
	outside(x + 2);
	outside(x + 3);
	outside(x + 4);
	outside(x + 5);
	outside(x + 6);
	outside(x + 7);
	outside(x + 8);
	outside(x + 9);
	outside(x + 10);
	outside(x + 11);
	return wait_ready(__FILE__, __LINE__, TRIES);
}
