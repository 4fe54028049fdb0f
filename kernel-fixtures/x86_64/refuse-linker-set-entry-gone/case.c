/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct driver { int (*probe)(int); };
static int probe_first(int x) { return outside(x); }
static int probe_second(int x) { return elsewhere(x); }
void keep(void) { consume(probe_second); }
static const struct driver first __used __section("my_driver_table") = { probe_first };
#ifndef PATCHED
static const struct driver second __used __section("my_driver_table") = { probe_second };
#endif
