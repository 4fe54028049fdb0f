/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
extern int key;
#define old_branch() __asm__ goto("1:\t.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n.pushsection __jump_table, \"aw\"\n\t.balign 8\n\t.quad 1b, %l[taken], %c0\n.popsection" : : "i"(&key) : : taken)
int first(int x) { old_branch(); return outside(x); taken: return elsewhere(x); }
int work(int x) { old_branch(); return outside(x) + BY; taken: return elsewhere(x); }

