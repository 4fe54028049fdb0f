/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int low = 1;
int high = 5;
#ifdef PATCHED
extern int current_limit __attribute__((__alias__("high")));
#else
extern int current_limit __attribute__((__alias__("low")));
#endif
int work(int x) { return outside(x + low + high); }
