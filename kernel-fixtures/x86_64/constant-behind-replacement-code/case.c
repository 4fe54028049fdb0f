/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int level[2] = { 1, 3 };
#else
static const int level[2] = { 1, 2 };
#endif
int work(int x)
{
	__asm__ volatile("771:\tmovl $0, %%eax\n\tnop\n\tnop\n772:\n"
		".pushsection .altinstructions, \"a\"\n"
		"\t.long 771b - .\n\t.long 773f - .\n\t.word 3\n\t.byte 772b - 771b, 774f - 773f\n"
		".popsection\n"
		".pushsection .altinstr_replacement, \"ax\"\n"
		"773:\tmovl %c0, %%eax\n774:\n"
		".popsection" : : "i"(level) : "eax");
	return outside(x);
}
int other(int x) { return outside(x + 1); }
