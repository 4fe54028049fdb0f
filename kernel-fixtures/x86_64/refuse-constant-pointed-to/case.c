/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int weights[] = { 1, 2, 3, 5 };
#else
static const int weights[] = { 1, 2, 3, 4 };
#endif
const int *current = weights;
int work(int i) { return outside(weights[i & 3]); }
