/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
noinline int work(int x) { return outside(x) + 2; }
#else
noinline int work(int x) { return outside(x) + 1; }
#endif
int work_alias(int x) __attribute__((__alias__("work")));
int caller(int x) { return work_alias(x) + 1; }
