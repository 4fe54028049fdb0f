/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define FIXUP "3b"
#else
#define FIXUP "2b"
#endif
static __always_inline int probe(int *p)
{
	int value = 0;

	__asm__ volatile("1:\tmovl %1, %0\n2:\taddl $1, %0\n3:\n"
		".pushsection __ex_table, \"a\"\n\t.balign 4\n"
		"\t.long 1b - ., " FIXUP " - ., 3\n.popsection" : "+r"(value) : "m"(*p));
	return value;
}
int work(int *p) { return probe(p) + elsewhere(1); }
