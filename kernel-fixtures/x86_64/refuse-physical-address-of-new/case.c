/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#define pa(x) ((unsigned long)(x) - 0xffffffff80000000UL)
#ifdef PATCHED
static char page[4096] __aligned(4096) = "page";
unsigned long where(void) { return pa(page) + outside(1); }
#else
unsigned long where(void) { return outside(1); }
#endif
