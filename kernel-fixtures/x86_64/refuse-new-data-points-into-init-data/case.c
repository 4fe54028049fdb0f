/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int boot_only[4] __initdata = { 1, 2, 3, 4 };
int __init boot(int x) { return outside(boot_only[x & 3]); }
#ifdef PATCHED
static int *where[2] = { 0, boot_only };
int work(int x) { where[0] = HIDE(where[1]); return outside(*where[x & 1]); }
#else
int work(int x) { return outside(x); }
#endif
