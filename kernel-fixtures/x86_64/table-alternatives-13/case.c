/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


#define alternative13(old, new, feature) \
	__asm__ volatile("661:\t" old "\n662:\n" \
		".pushsection .altinstructions, \"a\"\n" \
		"\t.long 661b - .\n\t.long 663f - .\n\t.word " #feature "\n" \
		"\t.byte 662b - 661b\n\t.byte 664f - 663f\n\t.byte 0\n.popsection\n" \
		".pushsection .altinstr_replacement, \"ax\"\n663:\t" new "\n664:\n.popsection" : : : "memory")
int first(int x) { alternative13("nop", "lfence", 3); return outside(x); }
int work(int x) { alternative13("nop; nop; nop", "mfence", 4); return elsewhere(x) + BY; }
