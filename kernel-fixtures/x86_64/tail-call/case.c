/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int back(int x) { return outside(x) + elsewhere(x); }
#ifdef PATCHED
int front(int x) { return back(x + 2); }
#else
int front(int x) { return back(x + 1); }
#endif
