/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
#ifdef PATCHED
	static int limit = 20;
#else
	static int limit = 10;
#endif
	return outside(x > limit++);
}
