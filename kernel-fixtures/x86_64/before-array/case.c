/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int values[40];
#ifdef PATCHED
int nth(long i) { outside(2); return values[i - 1]; }
#else
int nth(long i) { outside(1); return values[i - 1]; }
#endif
