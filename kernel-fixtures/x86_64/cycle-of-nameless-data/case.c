/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define VALUE "112"
#else
#define VALUE "111"
#endif
extern const int first[] __asm__(".LcA"), second[] __asm__(".LcB"), third[] __asm__(".LcC");
int aa_f(int k) { return first[k]; }
int zz_g(int k) { return (*(const int **)second)[k]; }
int zz_h(int k) { return (*(const int **)third)[k]; }
__asm__(".pushsection .rodata.cA,\"a\"\n .balign 8\n.LcA: .quad .LcB\n .long " VALUE "\n .long 0\n .popsection\n"
	".pushsection .rodata.cB,\"a\"\n .balign 8\n.LcB: .quad .LcC\n .long 5\n .long 0\n .popsection\n"
	".pushsection .rodata.cC,\"a\"\n .balign 8\n.LcC: .quad .LcA\n .long 6\n .long 0\n .popsection\n");
