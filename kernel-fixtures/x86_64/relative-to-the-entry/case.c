/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
#define OLD_BUG() __asm__ volatile("1:\tud2\n.pushsection __bug_table,\"aw\"\n2:\t.long 1b - 2b\n\t.long %c0 - 2b\n\t.word %c1\n\t.word 0\n.popsection" \
	: : "i"(__FILE__), "i"(__LINE__))
int use(int k) { if (k == 77) OLD_BUG(); return outside(k) + BY; }
int other(int k) { if (k == 78) OLD_BUG(); return outside(k) + 1; }
