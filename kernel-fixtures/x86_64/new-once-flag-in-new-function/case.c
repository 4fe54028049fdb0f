/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int other(int x) { WARN_ONCE(x > 5, "other: %d\n", x); return elsewhere(x); }
#ifdef PATCHED
static noinline int check(int x) { WARN_ONCE(x > 9, "check: %d\n", x); return outside(x) + elsewhere(x); }
int work(int x) { return check(x) + 1; }
#else
int work(int x) { return outside(x); }
#endif
