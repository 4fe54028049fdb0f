/* SPDX-License-Identifier: GPL-2.0-or-later */
#define RO __attribute__((section(".data..ro_after_init")))
extern int reg(int);
static int limit RO = 5;
void __attribute__((section(".init.text"))) s(int n) { limit = n; }
int f(int n) { return reg(n + limit); }
