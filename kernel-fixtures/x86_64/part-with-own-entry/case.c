/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int part(int x) __asm__("work.part.0");
static noinline int part(int x)
{
#ifdef PATCHED
	return outside(x) + 2;
#else
	return outside(x) + 1;
#endif
}
int work(int x) { return x > 5 ? part(x) : x; }
int caller(int x) { return work(x) + work(x + 1); }
