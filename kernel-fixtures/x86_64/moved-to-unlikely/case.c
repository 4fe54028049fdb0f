/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
__cold int oops(int x) { return outside(x) + 2; }
#else
int oops(int x) { return outside(x) + 1; }
#endif
int caller(int x) { return outside(x); }
