/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int table[8] __aligned(32);
#else
int table[4] __aligned(32);
#endif
int work(int x) { return outside(table[x & 3]++); }
