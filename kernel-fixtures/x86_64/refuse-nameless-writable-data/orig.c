/* SPDX-License-Identifier: GPL-2.0-or-later */
int use(int k)
{
	asm volatile("incl 1f\n .pushsection .data.cnt,\"aw\"\n .balign 4\n1: .long 0\n .popsection" ::: "memory");
	return k;
}
