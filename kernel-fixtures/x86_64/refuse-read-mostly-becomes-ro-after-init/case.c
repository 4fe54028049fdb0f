/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int limit __ro_after_init = 3;
#else
static int limit __read_mostly = 3;
#endif
void __init set(int x) { limit = x; }
int work(int x) { return outside(x + limit); }
