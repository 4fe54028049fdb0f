/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int caller(int x) { return outside(x); }
#else
noinline int arch_hook(int x) { return outside(x) + 1; }
int caller(int x) { return arch_hook(x); }
#endif
