/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int helper(int x) { return outside(x) + 1; }
int run_a(int x) { return helper(x); }
