/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern int limit;
#ifdef PATCHED
int f(int n) { if (n > limit) limit = n; return outside(n + limit); }
#else
int f(int n) { return outside(n + limit); }
#endif
