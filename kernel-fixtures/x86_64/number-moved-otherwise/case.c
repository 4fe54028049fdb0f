/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define A 12
#define B 30
#else
#define A 10
#define B 20
#endif
int work(int x) { __might_sleep(__FILE__, A); outside(x); __might_sleep(__FILE__, B); return x; }
