/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
#define WARN_WITH_ENTRY() __asm__ volatile("lea 2f(%%rip), %%rdi\n1:\tud2\n" \
		".pushsection __bug_table,\"aw\"\n" \
		"2:\t.long 1b - .\n" \
		"\t.long %c0 - .\n" \
		"\t.word %c1\n" \
		"\t.word %c2\n" \
		".popsection" : : "i"(__FILE__), "i"(__LINE__), "i"(1) : "rdi")
int work(int x) { if (unlikely(x > 5)) WARN_WITH_ENTRY(); return outside(x); }
