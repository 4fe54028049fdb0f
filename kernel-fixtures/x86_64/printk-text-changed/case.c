/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "work is %d\n"
#else
#define TEXT "work %d\n"
#endif
int work(int x) { printk(TEXT, x); return outside(x); }
int last(int x) { printk("last %d\n", x); return elsewhere(x); }
