/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct one { long a, b; };
struct two { long c, d; };
static struct two *list;
int get(int x) { outside(x); return list->d; }
void set(struct two *two) { list = two; outside(1); }
