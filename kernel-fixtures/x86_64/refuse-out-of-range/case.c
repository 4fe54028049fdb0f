/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int table[4] = { 1, 2, 3, 4 };
#ifdef PATCHED
int work(int x) { return outside(table[5000]); }
#else
int work(int x) { return outside(table[x & 3]); }
#endif
void set(int i, int x) { table[i] = x; }
