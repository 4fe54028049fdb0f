/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY "2"
#else
#define BY "1"
#endif
__asm__(".pushsection .text.shared, \"ax\"\n"
	"\t.globl enter\n\t.type enter, @function\n"
	"enter:\n\tcall __fentry__\n\taddl $" BY ", %edi\n\t.size enter, . - enter\n"
	"\t.type inner, @function\n"
	"inner:\n\tcall __fentry__\n\tjmp outside\n\t.size inner, . - inner\n"
	".popsection");
int work(int x) { return outside(x); }
