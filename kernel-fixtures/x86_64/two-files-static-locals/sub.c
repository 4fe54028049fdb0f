/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


#line 1 "a.c"
static noinline int work(int x) { static int count = 3; return elsewhere(x) + BY + count++; }
int run_b(int x) { return work(x); }
