/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int (*a)(int), (*b)(int), (*c)(int); };
static int kept_op(int x) { return outside(x) + 1; }
#ifdef PATCHED
static int changed_op(int x) { return outside(x) + 3; }
static int new_op(int x) { return outside(x) + 4; }
static const struct ops ops = { changed_op, kept_op, new_op };
void setup(void) { consume(&ops); }
#else
static int changed_op(int x) { return outside(x) + 2; }
void setup(void) { consume(changed_op); consume(kept_op); }
#endif
