/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void *memset(void *to, int value, unsigned long bytes);
static struct { int values[64]; } limits __ro_after_init = { { 5, 1 } };
#ifdef PATCHED
int f(int n) { memset(&limits, 0, n); return outside(n + limits.values[n]); }
#else
int f(int n) { return outside(n + limits.values[n]); }
#endif
