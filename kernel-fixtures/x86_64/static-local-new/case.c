/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int count(int x)
{
#ifdef PATCHED
	static int fresh = 5;
	x += fresh++;
#endif
	return outside(x);
}
