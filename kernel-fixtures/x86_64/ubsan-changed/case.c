/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int table[16];
#ifdef PATCHED
int shift(int x, int y) { return table[y] << (x << y); }
#else
int shift(int x, int y) { return x << y; }
#endif
int nth(int i) { return table[i]; }
