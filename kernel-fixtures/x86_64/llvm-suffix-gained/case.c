/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int work(int x) __asm__("work.llvm.8123456789");
noinline int work(int x) { return outside(x) + 2; }
#else
static noinline int work(int x) { return outside(x) + 1; }
#endif
int caller(int x) { return work(x) + 1; }
