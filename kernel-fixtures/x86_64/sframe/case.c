/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { return outside(x); }
int work(int x) { return outside(x) + elsewhere(x) + BY; }
