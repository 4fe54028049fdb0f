/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define CHECK WARN_ON_ONCE
#else
#define CHECK WARN_ON
#endif
int work(int x) { CHECK(x > 5); return outside(x); }
int other(int x) { WARN_ON(x > 6); return elsewhere(x); }
