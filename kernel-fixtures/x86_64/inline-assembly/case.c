/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LEVEL "2"
#else
#define LEVEL "1"
#endif
int barrier_like(int x) { __asm__ volatile("movl $" LEVEL ", %%ecx" : : : "ecx"); return outside(x); }
