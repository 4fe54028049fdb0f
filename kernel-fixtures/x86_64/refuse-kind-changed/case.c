/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
noinline int thing(int x) { return outside(x) + 1; }
int work(int x) { return thing(x); }
#else
int thing = 4;
int work(int x) { return outside(thing); }
#endif
