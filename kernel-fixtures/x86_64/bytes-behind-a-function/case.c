/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define VALUE "8"
#else
#define VALUE "7"
#endif
int get(int v)
{
	int r = v;
	__asm__ volatile("test %1,%1\n jz 2f\n1:\n .subsection 1\n2: mov $" VALUE ",%0\n jmp 1b\n .previous" : "+r"(r) : "r"(v));
	return r;
}
