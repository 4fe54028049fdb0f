/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int real(int x) { return outside(x) + 1; }
#ifdef PATCHED
static int wrapper(int x) __attribute__((__alias__("real")));
int caller(int x) { return wrapper(x) * 2; }
#else
static noinline int wrapper(int x) { return elsewhere(x) + 9; }
int caller(int x) { return wrapper(x) * 3; }
#endif
