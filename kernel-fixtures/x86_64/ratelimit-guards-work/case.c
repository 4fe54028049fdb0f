/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	if (ratelimited())
		x = elsewhere(x);
#ifdef PATCHED
	return outside(x) + 2;
#else
	return outside(x) + 1;
#endif
}
