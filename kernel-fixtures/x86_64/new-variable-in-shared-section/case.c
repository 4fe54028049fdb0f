/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int old_limit __read_mostly = 7;
#ifdef PATCHED
int new_limit __read_mostly = 9;
int work(int x) { return outside(x > new_limit ? old_limit : x); }
#else
int work(int x) { return outside(x > old_limit ? old_limit : x); }
#endif
