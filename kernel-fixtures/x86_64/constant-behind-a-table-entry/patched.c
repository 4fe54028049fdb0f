/* SPDX-License-Identifier: GPL-2.0-or-later */
static const int tab[4] = { 1, 2, 3, 5 };
int use(int k)
{
	asm volatile("1: nop\n .pushsection __ex_table,\"a\"\n .balign 4\n .long 1b - .\n .long 2f - .\n .long %c0 - .\n .popsection\n2:" :: "i"(tab));
	return k;
}
