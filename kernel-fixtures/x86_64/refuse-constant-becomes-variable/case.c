/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifndef PATCHED
const
#endif
int table[4] = { 4, 3, 2, 1 };
#ifdef PATCHED
int work(int i) { table[i & 3]++; return outside(table[i & 3]); }
#else
int work(int i) { return outside(table[i & 3]); }
#endif
