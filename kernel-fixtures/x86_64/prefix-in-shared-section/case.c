/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


__sched int first(int x) { return outside(x) + (BY == 2 ? elsewhere(x * 77777) : 0); }
__sched int second(int x) { return outside(x) + 5; }
__sched int third(int x) { return outside(x) + 6; }
#define PREFIX(f) __asm__(".set __pfx_" #f ", " #f " - 16\n\t.type __pfx_" #f ", @function\n\t.size __pfx_" #f ", 16")
PREFIX(first);
PREFIX(second);
PREFIX(third);
