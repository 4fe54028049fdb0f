/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

DEFINE_PER_CPU(int, kept) = 1;
#ifdef PATCHED
DEFINE_PER_CPU(int, added);
int work(int x) { return outside(x) + this_cpu_read(added); }
#else
int work(int x) { return outside(x); }
#endif
