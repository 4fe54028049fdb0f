/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

#define pv_site(type) __asm__ volatile("771:\tnop\n772:\n.pushsection .parainstructions, \"a\"\n" \
	"\t.balign 8\n\t.quad 771b\n\t.byte " #type "\n\t.byte 772b - 771b\n.popsection")
int first(int x) { pv_site(1); return outside(x); }
int work(int x) { pv_site(2); return outside(x) + BY; }
int last(int x) { pv_site(3); return elsewhere(x); }
