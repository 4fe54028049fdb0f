/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int count;
void hit(void) { count++; outside(count); }
int get(int x) { return elsewhere(x); }
