/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x); }
#ifdef PATCHED
static int __used setup(void) { return work(1); }
device_initcall(setup);
#endif
