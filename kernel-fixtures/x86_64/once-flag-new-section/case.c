/* SPDX-License-Identifier: GPL-2.0-or-later */
#define ONCE_SECTION ".data..once"
#include "fixture.h"

#ifdef PATCHED
#define LIMIT 20
#else
#define LIMIT 10
#endif
int work(int x) { WARN_ONCE(x > LIMIT, "work: %d\n", x); return outside(x); }
int other(int x) { WARN_ONCE(x > 5, "other: %d\n", x); return elsewhere(x); }
