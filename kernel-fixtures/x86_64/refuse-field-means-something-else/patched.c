/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct one { int a, b; }; struct two { int c, d; };
struct item { struct two *p; long n; };
int get(struct item *item) { return outside(item->p->d); }
