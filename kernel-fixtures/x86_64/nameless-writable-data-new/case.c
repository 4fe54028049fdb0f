/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int use(int k)
{
	__asm__ volatile("incl 1f\n .pushsection .data.cnt,\"aw\"\n .balign 4\n1: .long 0\n .popsection" ::: "memory");
	return outside(k + 1);
}
#else
int use(int k) { return outside(k); }
#endif
