/* SPDX-License-Identifier: GPL-2.0-or-later */
typedef int (*initcall_t)(void);
extern int hw_enable(int);
static __attribute__((section(".init.text"))) int my_init(void) { return hw_enable(1); }
static initcall_t __initcall__kmod_x__1_5_my_init6 __attribute__((used, section(".initcall6.init"))) = my_init;
int foo(int x) { return x + 1; }
