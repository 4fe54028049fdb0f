/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

void __exit teardown(void) { outside(BY); }
int work(int x) { return outside(x); }
