/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int table[5] = { 1, 2, 3, 4, 5 };
#else
static const int table[4] = { 1, 2, 3, 4 };
#endif
struct holder { const int *table; int count; };
void work(struct holder *h) { h->table = table; h->count = sizeof(table) / sizeof(table[0]); }
