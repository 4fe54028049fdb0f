/* SPDX-License-Identifier: GPL-2.0-or-later */
static const int tab[4] = { 1, 2, 3, 5 };
__attribute__((noinline)) int keep(int k) { return tab[k & 3] + k + 101; }
int other(int k) { return k + 101; }
static void *__ign __attribute__((used, section(".klp.ignore.functions"))) = keep;
