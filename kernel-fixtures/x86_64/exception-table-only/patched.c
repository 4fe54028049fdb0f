/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int leaf(int);
int f(int *p)
{
	int v = 0, e = 0;
	asm volatile("1: movl %1, %0\n2:\n.pushsection __ex_table,\"a\"\n.balign 4\n.long 1b - .\n.long 2b - .\n.long 1\n.popsection" : "=r"(v) : "m"(*p));
	return leaf(v);
}
int g(int v) { return leaf(v + 2); }
