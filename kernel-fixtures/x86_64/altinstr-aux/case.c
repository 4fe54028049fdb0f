/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

static __always_inline bool has_feature(void)
{
	__asm__ goto("jmp 6f\n"
		".pushsection .altinstr_aux, \"ax\"\n"
		"6:\ttestb $1, boot_flags(%%rip)\n"
		"\tjnz %l[yes]\n"
		"\tjmp %l[no]\n"
		".popsection" : : : : yes, no);
yes:
	return true;
no:
	return false;
}
int work(int x) { return has_feature() ? outside(x) + BY : elsewhere(x); }
int other(int x) { return has_feature() ? outside(x) : elsewhere(x) + 7; }
