/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "XX"
#else
#define TEXT "xx"
#endif
#define USE(offset) __asm__ volatile(".pushsection .rodata.str1.1, \"aMS\", @progbits, 1\n.Lt%=: .asciz \"" TEXT "common\"\n.popsection\n\tmovq $.Lt%=+" #offset ", %%rdi\n\tcall consume" : : : "rdi", "memory")
void work(void) { USE(4); }
void other(void) { consume("xxcommon"); }
