/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct one { int a, b; }; struct two { int c, d; };
int api_set(struct one *one) { return outside(one->a) * 3; }
