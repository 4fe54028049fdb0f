/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int limit __ro_after_init = 3;
#ifdef PATCHED
void setup(int x) { limit = outside(x) + 1; }
#else
void setup(int x) { limit = outside(x); }
#endif
int work(int x) { return outside(x + limit); }
