/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int (*run)(int); };
#ifdef PATCHED
static int run_faster(int x) { return outside(x) + 1; }
const struct ops ops = { run_faster };
#else
static int run_it(int x) { return outside(x); }
const struct ops ops = { run_it };
#endif
