/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int limit = 3;
#else
static int limit __read_mostly = 3;
#endif
void set(int x) { limit = x; }
int work(int x) { return outside(x + limit); }
