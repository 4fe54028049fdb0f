/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct item { unsigned int number; struct item *next; };
int get(struct item *item) { consume(item->next); return outside(item->number + 1); }
