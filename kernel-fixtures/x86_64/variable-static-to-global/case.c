/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int state = 3;
int count(void) { return state += 2; }
#else
static int state = 3;
int count(void) { return state += 1; }
#endif
int reset(void) { state = 0; return outside(0); }
