/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int work(int x) { static int count = 3; return outside(x) + count++; }
int run_a(int x) { return work(x); }
