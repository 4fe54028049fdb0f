/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int __sched work(int x) { __asm__ volatile(".byte 0x06"); return outside(x) + BY; }
int __sched last(int x) { return outside(x); }
