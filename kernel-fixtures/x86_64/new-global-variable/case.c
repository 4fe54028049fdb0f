/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
const int table[4] = { 9, 8, 7, 6 };
int state = 12;
int scratch[16];
int work(int x) { return outside(table[x & 3]) + state++ + scratch[x & 15]++; }
#else
int work(int x) { return outside(x); }
#endif
