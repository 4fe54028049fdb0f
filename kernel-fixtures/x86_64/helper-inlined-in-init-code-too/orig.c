/* SPDX-License-Identifier: GPL-2.0-or-later */
#define __init __attribute__((section(".init.text"))) __attribute__((cold))
extern int reg(const char *, int);
static int check_len(int n) { return n > 16 ? -22 : 0; }
int __init subsys_start(void) { int r = check_len(reg("x", 1)); return r ? r : reg("y", 2); }
int set_len(int n) { if (check_len(n)) return -22; return reg("z", n); }
