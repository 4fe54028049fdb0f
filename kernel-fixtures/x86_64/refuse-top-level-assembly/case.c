/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define COUNT "3"
#else
#define COUNT "2"
#endif
__asm__(".text\n\tmovl $" COUNT ", %eax\n\tret");
int work(int x) { return outside(x); }
