/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int table[5] = { 11, 2, 3, 4, 5 };
#define MASK 3
#else
static const int table[8] = { 11, 2, 3, 4, 5, 6, 7, 8 };
#define MASK 7
#endif
int work(int x) { outside(x); return table[x & MASK]; }
int other(int x) { return outside(x); }
