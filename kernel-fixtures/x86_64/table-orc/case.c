/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { ORC_ENTRY("1, 2, 3, 4, 5, 6"); return outside(x); }
int work(int x) { ORC_ENTRY("11, 12, 13, 14, 15, 16"); outside(x); ORC_ENTRY("21, 22, 23, 24, 25, 26"); return elsewhere(x) + BY; }
int last(int x) { ORC_ENTRY("31, 32, 33, 34, 35, 36"); return elsewhere(x); }
