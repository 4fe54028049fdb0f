/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static const int limits[4] = { 1, 2, 3, 4 };
#ifdef PATCHED
int work(unsigned int i) { int *p = (int *)&limits[i & 3]; outside(i); *p = 5; return outside(HIDE(&limits[0])[1]); }
#else
int work(unsigned int i) { outside(i); return outside(HIDE(&limits[0])[1]); }
#endif
