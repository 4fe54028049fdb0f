/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct ops { int (*run)(int); int flags; };
struct file { const struct ops *ops; };
#ifdef PATCHED
static const struct ops own_ops = { outside, 3 };
void open(struct file *file) { file->ops = &own_ops; consume(file); }
#else
void open(struct file *file) { consume(file); }
#endif
