/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
#define checked(p) __asm__ volatile("1:\tlock; incl %0\n\tjs 111f\n2:\n.pushsection .text..refcount, \"ax\"\n111:\tlea %0, %%rcx\n112:\tud2\n\tjmp 2b\n.popsection\n" \
	".pushsection __ex_table, \"a\"\n\t.balign 4\n\t.long 112b - .\n\t.long 2b - .\n\t.long 1\n.popsection" : "+m"(*(p)) : : "cx", "memory")
int first(int *p) { checked(p); return outside(*p); }
int work(int *p) { checked(p); return outside(*p) + BY; }
int last(int *p) { checked(p); return elsewhere(*p); }
