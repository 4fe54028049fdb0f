/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int early(int x)
{
#ifdef PATCHED
	static int calls;
	return outside(x) + calls++;
#else
	return outside(x);
#endif
}
int count(int x)
{
	static int calls;
	calls++;
	return elsewhere(calls);
}
