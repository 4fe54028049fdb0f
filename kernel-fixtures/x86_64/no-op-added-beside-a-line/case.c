/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define ADDED() __asm__ volatile("nop")
#define AT 140
#else
#define ADDED() do { } while (0)
#define AT 100
#endif
#line AT "case.c"
int work(int x) { might_sleep(); ADDED(); return outside(x); }
int plain(int x) { ADDED(); return elsewhere(x) + 1; }
