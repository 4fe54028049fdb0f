/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

#define MY_SITE(n) __asm__ volatile("1:\tnop\n.pushsection .my_sites, \"a\"\n\t.long 1b - .\n\t.long " #n "\n.popsection")
int first(int x) { MY_SITE(10); return outside(x); }
#ifdef PATCHED
int work(int x) { MY_SITE(20); outside(x); MY_SITE(21); return elsewhere(x) + 2; }
#else
int work(int x) { MY_SITE(20); return elsewhere(x) + 1; }
#endif
int last(int x) { MY_SITE(30); return elsewhere(x); }
