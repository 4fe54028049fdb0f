/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
/* As include/asm/runtime-const.h: the boot code writes address and shift into these instructions. */
static long *table = (long *)8;
int bits = 3;
#define constant_ptr(sym) ({ long *p; __asm__("mov %1,%0\n1:\n.pushsection runtime_ptr_" #sym ",\"a\"\n\t.long 1b - 8 - .\n.popsection" : "=r"(p) : "i"(0x0123456789abcdefull)); p; })
#define constant_shift(value, sym) ({ unsigned int v = (value); __asm__("shrl $12,%k0\n1:\n.pushsection runtime_shift_" #sym ",\"a\"\n\t.long 1b - 1 - .\n.popsection" : "+r"(v)); v; })
int lookup(unsigned int hash) { return outside(constant_ptr(table)[constant_shift(hash, bits)]) + BY; }
int other(unsigned int hash) { return elsewhere(constant_ptr(table)[constant_shift(hash, bits)]); }
void setup(long *to) { table = to; bits++; }
