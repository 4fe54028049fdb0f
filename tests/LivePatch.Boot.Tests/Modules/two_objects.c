// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches the kernel and two modules, ext4 and the jbd2 it depends on. The modules' replacements are never called. */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int patched_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

static int unused(void)
{
	return 0;
}

static struct klp_func vmlinux_funcs[] = {
	{ .old_name = "cmdline_proc_show", .new_func = patched_cmdline_proc_show },
	{ }
};

static struct klp_func jbd2_funcs[] = {
	{ .old_name = "jbd2_journal_destroy", .new_func = unused },
	{ }
};

static struct klp_func ext4_funcs[] = {
	{ .old_name = "ext4_init_acl", .new_func = unused },
	{ }
};

static struct klp_object objs[] = {
	{ .funcs = vmlinux_funcs },
	{ .name = "jbd2", .funcs = jbd2_funcs },
	{ .name = "ext4", .funcs = ext4_funcs },
	{ }
};

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs, .replace = true };

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
