/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x) + 1; }
#ifdef PATCHED
static int work_alias(int x) __used __attribute__((__alias__("work")));
#endif
int caller(int x) { return work(x) + 1; }
