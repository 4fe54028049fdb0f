/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define NAME "work.constprop.1"
#define COLD "work.constprop.1.cold.8"
#else
#define NAME "work.constprop.0"
#define COLD "work.constprop.0.cold.3"
#endif
static int work(int x) __asm__(NAME);
static int cold(int x) __asm__(COLD);
static noinline __cold notrace int cold(int x) { return outside(x) - 1; }
static noinline int work(int x) { return x < 0 ? cold(x) : elsewhere(x) + 2; }
int caller(int x) { return work(x) + 1; }
