/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int flags, size; };
#ifdef PATCHED
static const struct ops my_ops = { 1, 4 };
static const struct ops page_ops = { 2, 4 };
static const struct ops slot_ops = { 3, 4 };
#else
static const struct ops my_ops = { 1, 2 };
static const struct ops page_ops = { 2, 2 };
static const struct ops slot_ops = { 3, 2 };
#endif

/* hash_ptr(): a product, and its upper bits. */
int hash(unsigned long golden)
{
	return outside(((unsigned long)HIDE(&my_ops) * golden) >> 58) + HIDE(&my_ops)->size;
}

/* A page's number. */
int page(void)
{
	return outside((unsigned long)HIDE(&page_ops) >> 12) + HIDE(&page_ops)->size;
}

/* The rest of a division by what is known at run time. */
int slot(unsigned long buckets)
{
	return outside((unsigned long)HIDE(&slot_ops) % buckets) + HIDE(&slot_ops)->size;
}
