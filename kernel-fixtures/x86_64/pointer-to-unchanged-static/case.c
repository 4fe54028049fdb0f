/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int callback(int x) { return outside(x); }
#ifdef PATCHED
void setup(void) { consume(callback); outside(2); }
#else
void setup(void) { consume(callback); outside(1); }
#endif
void other(void) { consume(callback); }
