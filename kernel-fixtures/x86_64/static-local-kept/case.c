/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int count(int x)
{
	static int calls;
#ifdef PATCHED
	calls += x;
#else
	calls++;
#endif
	return outside(calls);
}
