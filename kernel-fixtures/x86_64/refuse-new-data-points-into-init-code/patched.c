/* SPDX-License-Identifier: GPL-2.0-or-later */
#define __init __attribute__((section(".init.text"), cold))
extern int hw(int);
int __init my_setup(int x) { return hw(x + 3); }
int use(int (*f)(int), int x) { return f(x); }
static int (*tab[2])(int) = { hw, my_setup };
int run(int k) { tab[0] = hw; return use(tab[k & 1], k); }
