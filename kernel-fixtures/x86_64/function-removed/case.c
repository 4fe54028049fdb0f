/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int gone(int x) { return outside(x) + elsewhere(x); }
#ifdef PATCHED
int caller(int x) { return 1; }
#else
int caller(int x) { return gone(x) + 1; }
#endif
