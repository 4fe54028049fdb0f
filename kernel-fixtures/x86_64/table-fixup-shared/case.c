/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


int first(int *p)
{
	int error = 0, value = 0;

	__asm__ volatile("1:\tmovl %2, %1\n2:\n"
		".pushsection .fixup, \"ax\"\n3:\tmovl $-14, %0\n\tjmp 2b\n.popsection\n"
		".pushsection __ex_table, \"a\"\n\t.balign 4\n"
		"\t.long 1b - .\n\t.long 3b - .\n\t.long 0\n.popsection"
		: "+r"(error), "+r"(value) : "m"(*p));
	return error + outside(value);
}

int work(int *p)
{
	int error = 0, value = 0;

	__asm__ volatile("1:\tmovl %2, %1\n2:\tmovl %2, %1\n3:\n"
		".pushsection .fixup, \"ax\"\n4:\tmovl $-14, %0\n5:\tmovb (%%rax), %%al\n\tnop\n\tjmp 3b\n.popsection\n"
		".pushsection __ex_table, \"a\"\n\t.balign 4\n"
		"\t.long 1b - .\n\t.long 4b - .\n\t.long 0\n"
		"\t.long 2b - .\n\t.long 4b - .\n\t.long 0\n"
		"\t.long 5b - .\n\t.long 4b - .\n\t.long 0\n.popsection"
		: "+r"(error), "+r"(value) : "m"(*p) : "rax");
	return error + elsewhere(value) + BY;
}
