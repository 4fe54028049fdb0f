/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LAST "4"
#else
#define LAST "3"
#endif
__asm__(".section .my_numbers, \"a\"\n\t.long 1, 2, " LAST "\n\t.text");
int work(int x) { return outside(x); }
