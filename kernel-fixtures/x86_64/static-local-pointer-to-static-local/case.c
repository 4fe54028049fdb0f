/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int *next(int x)
{
	static int pool[4] = { 1, 2, 3, 4 };
	static int *current = pool;
	current += x;
#ifdef PATCHED
	outside(2);
#else
	outside(1);
#endif
	return current;
}
