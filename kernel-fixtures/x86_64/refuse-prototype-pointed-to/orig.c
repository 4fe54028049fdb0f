/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int handler(int x) { return outside(x) * 3; }
void setup(void) { consume(handler); }
