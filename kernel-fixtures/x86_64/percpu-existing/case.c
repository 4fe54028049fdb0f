/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

DEFINE_PER_CPU(int, counter);
#ifdef PATCHED
int work(int x) { return outside(x) + this_cpu_read(counter) + 1; }
#else
int work(int x) { return outside(x) + this_cpu_read(counter); }
#endif
