/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int slots[16] __read_mostly __aligned(256) = { 1 };
#else
static int slots[16] __read_mostly __aligned(16) = { 1 };
#endif
static int other __read_mostly = 3;
void set(int i, int v) { slots[i & 15] = v; other = v; }
int work(int x) { return outside(slots[x & 15] + other); }
