/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int flags, size; };
#ifdef PATCHED
static const struct ops my_ops = { 1, 4 };
#else
static const struct ops my_ops = { 1, 2 };
#endif
struct object { const struct ops *ops; };
int is_mine(struct object *o) { return outside(o->ops == &my_ops ? my_ops.size + HIDE(&my_ops)->flags : 0); }
