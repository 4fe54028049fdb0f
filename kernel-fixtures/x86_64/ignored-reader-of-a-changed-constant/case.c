/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int tab[4] = { 1, 2, 3, 5 };
#else
static const int tab[4] = { 1, 2, 3, 4 };
#endif
noinline int keep(int k) { return tab[k & 3] + k + 100; }
int other(int k) { return tab[k & 3] + k; }
static void *ignore __used __section(".klp.ignore.functions") = keep;
