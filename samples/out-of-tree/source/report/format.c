// SPDX-License-Identifier: GPL-2.0
/* How a line looks. */
#include <linux/seq_file.h>
#include "oot.h"

static unsigned int shown;

noinline void oot_format(struct seq_file *file, const char *what, unsigned long value)
{
	shown++;
	seq_printf(file, "%s: %lu\n", what, value);
}
