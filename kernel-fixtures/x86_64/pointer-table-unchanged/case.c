/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int (*run)(int), (*stop)(int); };
#ifdef PATCHED
static int run(int x) { return outside(x) + 2; }
#else
static int run(int x) { return outside(x) + 1; }
#endif
static int stop(int x) { return elsewhere(x); }
const struct ops ops = { run, stop };
