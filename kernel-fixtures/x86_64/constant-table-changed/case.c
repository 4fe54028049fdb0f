/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int weights[] = { 88761, 71755, 56483, 46274 };
#else
static const int weights[] = { 88761, 71755, 56483, 46273 };
#endif
int weight_of(unsigned int i) { outside(i); return weights[i & 3]; }
int other(int x) { return outside(x); }
