/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct one { long a, b; };
struct two { long c, d; };
static struct one *list;
int get(int x) { outside(x); return list->a; }
void set(struct one *one) { list = one; outside(1); }
