/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#define PAGES __section(".bss..page_aligned") __aligned(4096)
static char one[4096] PAGES;
static char two[4096] PAGES;
char *take(int i) { return i ? one : two; }
#define pa(x) ((unsigned long)(x) - 0xffffffff80000000UL)
#ifdef PATCHED
int work(int x) { return outside(x) + 2; }
#else
int work(int x) { return outside(x) + 1; }
#endif
unsigned long where(int i) { return pa(two) + pa(one) * i; }
