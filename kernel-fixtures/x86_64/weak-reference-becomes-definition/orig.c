/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int leaf(int); extern int opt_hook(int) __attribute__((weak));
int f(int v) { if (opt_hook) return opt_hook(v); return leaf(v); }
