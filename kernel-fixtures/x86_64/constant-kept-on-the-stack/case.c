/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int weights[4] = { 1, 2, 3, 5 };
#else
static const int weights[4] = { 1, 2, 3, 4 };
#endif
int work(int a, int b, int c, int d, int e, int f)
{
	const int *volatile w = a ? weights : NULL;
	int sum = outside(a) + outside(b) + outside(c) + outside(d) + outside(e) + outside(f);

	return w ? sum + w[sum & 3] + a + b + c + d + e + f : sum;
}
