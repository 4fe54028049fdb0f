/* SPDX-License-Identifier: GPL-2.0-or-later */
#define __init __attribute__((section(".init.text"), cold))
extern int hw(int);
int __init my_setup(int x) { return hw(x + 3); }
int use(int (*f)(int), int x) { return f(x); }
int run(int k) { return use(hw, k); }
