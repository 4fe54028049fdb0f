/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define ONE "work.constprop.1"
#define TWO "work.constprop.0"
#else
#define ONE "work.constprop.0"
#define TWO "work.constprop.1"
#endif
static int one(int x) __asm__(ONE);
static int two(int x) __asm__(TWO);
static noinline int one(int x) { return outside(x) + 1; }
static noinline int two(int x) { return elsewhere(x) + 2; }
int caller(int x) { return one(x) + two(x); }
