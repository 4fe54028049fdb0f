/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


int work(int x) { static int calls; return outside(calls++) + BY; }
#ifdef PATCHED
int last(int x) { static int calls; return elsewhere(calls++); }
#else
int last(int x) { return elsewhere(x); }
#endif
