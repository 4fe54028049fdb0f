/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int work(int x) { return outside(x) + 1; }
#ifdef PATCHED
int caller(int x) { consume(work); return work(x) + 2; }
#else
int caller(int x) { return work(x) + 2; }
#endif
