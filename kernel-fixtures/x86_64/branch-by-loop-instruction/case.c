/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline void __sched __used slow(void) { outside(3); }
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int __sched work(int n)
{
	__asm__ volatile("jrcxz slow\n\tloop slow" : : "c"(n));
	return outside(n) + BY;
}
