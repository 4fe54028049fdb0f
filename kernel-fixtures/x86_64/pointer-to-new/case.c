/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int callback(int x) { return outside(x); }
void setup(void) { consume(callback); }
#else
void setup(void) { outside(1); }
#endif
