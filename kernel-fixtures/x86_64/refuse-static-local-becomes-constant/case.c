/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
#ifdef PATCHED
	static const int table[8] = { 4, 3, 2, 1 };
	return outside(table[x & 7]);
#else
	static int table[8] = { 4, 3, 2, 1 };
	table[x & 3]++;
	return outside(table[x & 7]);
#endif
}
