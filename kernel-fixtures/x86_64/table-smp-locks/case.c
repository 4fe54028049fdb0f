/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int counter;
int first(int x) { locked_add(counter, x); return outside(x); }
int work(int x) { locked_add(counter, x); outside(x); locked_add(counter, BY); return elsewhere(x); }
