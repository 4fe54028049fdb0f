/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

#define load(value, pointer) ({ int error = 0; \
	__asm__ volatile("1:\tmovl %2, %1\n2:\n" \
		".pushsection .fixup, \"ax\"\n3:\tmovl $-14, %0\n\tjmp 2b\n.popsection\n" \
		".pushsection __ex_table, \"a\"\n\t.balign 4\n" \
		"\t.long 1b - .\n\t.long 3b - .\n\t.long 0\n.popsection" \
		: "+r"(error), "=r"(value) : "m"(*(pointer))); error; })
int first(int *p) { int value = 0; return load(value, p) + outside(value); }
int work(int *p) { int value = 0; return load(value, p) + elsewhere(value) + BY; }
int last(int *p) { int value = 0; return load(value, p) * 3 + elsewhere(value); }
