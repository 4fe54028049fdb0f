/* SPDX-License-Identifier: GPL-2.0-or-later */
extern int leaf(int); 
int opt_hook(int v) { return leaf(v) + 40; }
int f(int v) { if (opt_hook) return opt_hook(v); return leaf(v); }
