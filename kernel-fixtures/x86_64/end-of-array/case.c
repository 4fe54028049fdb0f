/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct item { int a; long b; };
struct item values[40];
int total(void)
{
	struct item *p;
	int sum = 0;
	for (p = values; p < values + 40; p++)
		sum += outside(p->a);
#ifdef PATCHED
	return sum + 1;
#else
	return sum;
#endif
}
int other(void)
{
	struct item *p;
	for (p = values; p != values + 40; p++)
		elsewhere(p->a);
	return 0;
}
