/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int flags, size; };
#ifdef PATCHED
static const struct ops my_ops = { 1, 4 };
#else
static const struct ops my_ops = { 1, 2 };
#endif

int hash(unsigned golden)
{
	return outside(((unsigned)(unsigned long)HIDE(&my_ops) * golden) >> 26) + HIDE(&my_ops)->size;
}
