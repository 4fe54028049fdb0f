/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int __init setup(int x) { return outside(x); }
int __init boot(int x) { return setup(x); }
#ifdef PATCHED
int work(int x) { return setup(x) + 1; }
#else
int work(int x) { return outside(x); }
#endif
