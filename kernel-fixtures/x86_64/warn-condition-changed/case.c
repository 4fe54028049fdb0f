/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int x) { WARN_ON(x > 5); return outside(x); }
#ifdef PATCHED
#undef BUG_FORMAT
#define BUG_FORMAT "x >= 7"
#endif
int work(int x) { WARN_ON(x > 6); return elsewhere(x); }
