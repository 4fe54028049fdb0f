/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int leaf(int);
int f(int v)
{
	if (v < 0)
		asm volatile("1: .byte 0x0f, 0x0b\n.pushsection __bug_table,\"aw\"\n2: .long 1b - .\n.long %c0 - .\n.word %c2\n.word %c1\n.org 2b+12\n.popsection" :: "i"("a.c"), "i"(0x903), "i"(33));
	return leaf(v);
}
int g(int v) { return leaf(v + 2); }
