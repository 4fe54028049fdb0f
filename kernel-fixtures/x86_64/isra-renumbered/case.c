/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define NAME "work.isra.11"
#else
#define NAME "work.isra.3"
#endif

static int work(int x) __asm__(NAME);
static noinline int work(int x) { return outside(x) + elsewhere(x); }
int caller(int x) { return work(x) + 1; }
