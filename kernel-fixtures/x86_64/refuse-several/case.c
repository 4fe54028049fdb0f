/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int limit = BY;
int table[BY * 4] __aligned(32);
int __init setup(void) { return outside(BY); }
notrace int quiet(int x) { return elsewhere(x) + BY; }
int work(int x) { return outside(limit + table[x & 3]); }
