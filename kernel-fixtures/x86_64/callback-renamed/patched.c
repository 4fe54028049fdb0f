/* SPDX-License-Identifier: GPL-2.0-or-later */
struct foo { int (*open)(int); int (*close)(int); };
extern int do_open(int), do_close(int); extern void reg(const struct foo *);
static int foo_open(int x) { return do_open(x) + 1; }
static int f_close(int x) { return do_close(x) + 2; }
static const struct foo fops = { foo_open, f_close };
void setup(void) { reg(&fops); }
