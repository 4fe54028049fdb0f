/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int hw_enable(int);
static __attribute__((section(".init.text"))) int my_init(void) { return hw_enable(1); }
asm(".section \".initcall7.init\", \"a\"\n__initcall__kmod_x__177_5_my_init7:\n .long my_init - .\n .previous");
void *__addr __attribute__((used,section(".discard.addressable"))) = my_init;
int foo(int x) { return x + 1; }
