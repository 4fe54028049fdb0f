/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int (*run)(int); };
static int slow(int x) { return outside(x); }
static int fast(int x) { return elsewhere(x); }
#ifdef PATCHED
static const struct ops ops = { fast };
#else
static const struct ops ops = { slow };
#endif
void keep(void) { consume(slow); consume(fast); }
void open(void) { consume(&ops); }
