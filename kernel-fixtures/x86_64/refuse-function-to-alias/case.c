/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int real(int x) { return outside(x) + 1; }
#ifdef PATCHED
int wrapper(int x) __attribute__((__alias__("real")));
#else
noinline int wrapper(int x) { return elsewhere(x) + 9; }
#endif
int caller(int x) { return wrapper(x) * 3; }
