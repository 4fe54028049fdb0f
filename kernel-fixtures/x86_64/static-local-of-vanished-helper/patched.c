/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __always_inline int by_time(int x) { static unsigned long last; if (elsewhere(x) - last < 100) return 0; last = elsewhere(x); return outside(last + x); }
int tick(int x) { return by_time(x); }
