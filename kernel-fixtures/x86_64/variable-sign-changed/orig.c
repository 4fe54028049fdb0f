/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int limit = 5;
void set(int x) { limit = x; outside(x); }
int get(int x) { return outside(x) < limit; }
