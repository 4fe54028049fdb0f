/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 7
#else
#define BY 1
#endif
__asm__(".section .data.resume, \"aw\"\n\t.globl resume\n\t.type resume, @object\nresume:\t.quad run_again\n\t.size resume, 8\n\t.text");
int run(int x)
{
	outside(BY);
	__asm__ volatile("run_again:");
	return elsewhere(x);
}
int other(int x) { return outside(x); }
