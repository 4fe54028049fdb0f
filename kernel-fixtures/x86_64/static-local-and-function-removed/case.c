/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifndef PATCHED
static noinline int count(int x) { static int calls; return outside(x + calls++); }
int caller(int x) { return count(x) + 1; }
#else
int caller(int x) { return outside(x) + 1; }
#endif
