/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct driver { int (*probe)(int); };
static int probe(int x) { return outside(x); }
static const struct driver first __used __section("my_driver_table") = { probe };
#ifdef PATCHED
static const struct driver second __used __section("my_driver_table") = { probe };
int work(int x) { return second.probe(x) + HIDE(&second)->probe(x); }
#else
int work(int x) { return probe(x); }
#endif
