// SPDX-License-Identifier: GPL-2.0
/* Counts. */
#include <linux/atomic.h>
#include <linux/module.h>
#include "oot.h"

static atomic_long_t count = ATOMIC_LONG_INIT(0);

unsigned long oot_counter_next(void)
{
	return atomic_long_inc_return(&count);
}
EXPORT_SYMBOL_GPL(oot_counter_next);

unsigned long oot_counter_peek(void)
{
	return atomic_long_read(&count);
}
EXPORT_SYMBOL_GPL(oot_counter_peek);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klp-build sample: a counter");
