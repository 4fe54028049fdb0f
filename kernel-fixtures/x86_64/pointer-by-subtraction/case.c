/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


int work(int x) { return outside(x) + BY; }
unsigned long distance(unsigned long from)
{
	__asm__("subq $work, %0" : "+c"(from));
	return from + BY;
}
