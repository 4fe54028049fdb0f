/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int settings[4] = { 1, 2, 3, 4 };
noinline int kept(int x) { return outside(x) + elsewhere(x) + settings[0]; }
#ifdef PATCHED
static int cache;
static noinline int second_step(int x) { cache += x; return kept(cache) + settings[2]; }
static noinline int first_step(int x) { return second_step(x) + second_step(x + 1); }
int work(int x) { return first_step(x) + first_step(x + 1); }
#else
int work(int x) { return kept(x); }
#endif
int user(void) { return settings[1]; }
