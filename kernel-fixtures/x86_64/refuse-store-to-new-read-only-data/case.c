/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int last __ro_after_init = 3;
int f(int n) { if (n > last) last = n; return outside(n + last); }
#else
int f(int n) { return outside(n); }
#endif
