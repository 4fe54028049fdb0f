/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct item { int count; void *data; };
int get(struct item *item) { consume(item->data); return outside(item->count); }
