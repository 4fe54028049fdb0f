/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int __sched __used other(int n) { return outside(n); }
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int __sched work(int n)
{
	unsigned long where;
	__asm__ volatile("leaq other(%%rip), %0" : "=r"(where));
	return outside((int)where) + BY;
}
int __sched last(int n)
{
	unsigned long where;
	__asm__ volatile("movq other+4(%%rip), %0" : "=r"(where));
	return elsewhere((int)where);
}
