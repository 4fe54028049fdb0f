/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern struct static_key feature;
#ifdef PATCHED
#define FLAG "1"
#else
#define FLAG "0"
#endif
static __always_inline bool branch(void)
{
	__asm__ goto("1:\t.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
		".pushsection __jump_table, \"aw\"\n\t.balign 8\n"
		"\t.long 1b - ., %l[taken] - .\n\t.quad feature + " FLAG " - .\n.popsection" : : : : taken);
	return false;
taken:
	return true;
}
int work(int x) { return branch() ? outside(x) : elsewhere(x); }
