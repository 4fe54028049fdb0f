/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int table[4] = { 1, 2, 3, 5 };
#else
static const int table[4] = { 1, 2, 3, 4 };
#endif
int __init boot(unsigned int i) { return outside(table[i & 3]); }
int work(unsigned int i) { return outside(table[i & 3]) + 1; }
