// SPDX-License-Identifier: GPL-2.0
/* /proc/oot_report: how often it was read. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "oot.h"

#ifndef OOT_PREFIX
#error "OOT_LOUD=y is missing: give it to make"
#endif

static struct proc_dir_entry *entry;
static unsigned int shown;

static noinline unsigned long oot_current(void)
{
	return oot_counter_peek();
}

static int oot_show(struct seq_file *file, void *unused)
{
	shown++;
	WARN_ON_ONCE(!entry);
	oot_format(file, OOT_PREFIX " reads so far", oot_current());
	oot_counter_next();
	return 0;
}

static int __init oot_init(void)
{
	entry = proc_create_single("oot_report", 0444, NULL, oot_show);
	return entry ? 0 : -ENOMEM;
}

static void __exit oot_exit(void)
{
	pr_info("oot_report: shown %u times\n", shown);
	proc_remove(entry);
}

module_init(oot_init);
module_exit(oot_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klp-build sample: a file in /proc");
