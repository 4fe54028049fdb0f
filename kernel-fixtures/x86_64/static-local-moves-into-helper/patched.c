/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int take_id(int x) { static int id = 100; return outside(id += x); }
int next_id(int x) { return x < 0 ? x : take_id(x); }
