/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int setup(int x) { return outside(x) + 2; }
#else
int __init setup(int x) { return outside(x) + 1; }
#endif
int work(int x) { return outside(x); }
