/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int limit __ro_after_init = 5;
static noinline void raise(int *where, int by) { if (outside(by)) *where += by; }
int counted;
int g(int n) { raise(&counted, n); return elsewhere(n); }
#ifdef PATCHED
int f(int n) { raise(&limit, n); return outside(n + limit); }
#else
int f(int n) { return outside(n + limit); }
#endif
