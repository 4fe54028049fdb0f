/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
static char one[4096] __section(".data..page_aligned") __aligned(4096) = "one";
static char two[4096] __section(".data..page_aligned") __aligned(4096) = "two";
char *take(int i) { return i ? one : two; }
#define pa(x) ((unsigned long)(x) - 0xffffffff80000000UL)
unsigned long where(void) { return pa(two) + outside(BY); }
