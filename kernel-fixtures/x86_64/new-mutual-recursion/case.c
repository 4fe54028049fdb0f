/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int odd(int x);
noinline int even(int x) { return x ? odd(outside(x)) : 1; }
noinline int odd(int x) { return x ? even(elsewhere(x)) : 0; }
int work(int x) { return even(x) + 2; }
#else
int work(int x) { return outside(x); }
#endif
