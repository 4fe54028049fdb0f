// SPDX-License-Identifier: GPL-2.0-or-later
/* Replaces a kernel thread's main loop, which that thread never leaves. */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>

static int patched_kcompactd(void *p)
{
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = "kcompactd", .new_func = patched_kcompactd },
	{ }
};

static struct klp_object objs[] = { { .funcs = funcs }, { } };

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

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
