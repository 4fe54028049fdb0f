/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct pair { int a, b; };
static noinline int work(struct pair *p, int x)
{
#ifndef PATCHED
	return outside(x) + elsewhere(x);
#else
	p->b = x;
	return outside(x) + elsewhere(p->a);
#endif
}
int caller(struct pair *p, int x) { return work(p, x) + 1; }
