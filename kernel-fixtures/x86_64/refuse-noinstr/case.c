/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
noinstr int work(int x) { return outside(x) + BY; }
int other(int x) { return elsewhere(x); }
