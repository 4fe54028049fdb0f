/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __always_inline int count(int x) { static int calls; calls += x; return calls; }
#ifdef PATCHED
int first(int x) { return outside(count(x)) + 2; }
#else
int first(int x) { return outside(count(x)) + 1; }
#endif
int second(int x) { return elsewhere(count(x)) + 1; }
