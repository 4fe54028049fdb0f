/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int leaf(int);
int real_a(int a) { return leaf(a) + 1; }
int compat(int a) __attribute__((alias("real_a")));
int real_b(int a) { return leaf(a) + 2; }
