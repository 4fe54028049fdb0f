/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

DEFINE_PER_CPU(int, counter) = BY;
int work(int x) { return outside(x) + this_cpu_read(counter); }
