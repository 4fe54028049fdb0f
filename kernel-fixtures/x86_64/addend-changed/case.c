/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int table[8];
#ifdef PATCHED
int work(int x) { outside(x); return table[5]; }
#else
int work(int x) { outside(x); return table[4]; }
#endif
int other(int x) { outside(x); return table[6]; }
