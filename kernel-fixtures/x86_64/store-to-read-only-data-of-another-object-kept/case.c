/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern int limit, other;
#ifdef PATCHED
int f(int n) { other = n; if (n > limit) limit = n + 1; return outside(n + limit); }
#else
int f(int n) { if (n > limit) limit = n; return outside(n + limit); }
#endif
