/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LAST 9
#else
#define LAST 4
#endif
static const int low[] = { 1, 2, 3, LAST };
static const int high[] = { 10, 20, 30, 40 };
static const int *const both[] = { low, high };
static const int *const swapped[] = { high, low };
int pick(unsigned int kind, unsigned int a, unsigned int i)
{
	const int *const *set;

	switch (kind) {
	case 1: set = both; break;
	case 2: set = swapped; break;
	case 3: set = both; break;
	case 4: set = swapped; break;
	case 5: set = swapped; break;
	default: return -1;
	}
	return set[a & 1][i & 3];
}
int other(int x) { return outside(x); }
