/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define old_name better_name
#endif
static noinline int old_name(int x) { return outside(x) + elsewhere(x); }
int caller(int x) { return old_name(x) + 1; }
