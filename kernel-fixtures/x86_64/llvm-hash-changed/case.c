/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define NAME "work.llvm.55512349"
#else
#define NAME "work.llvm.8147321"
#endif

int work(int x) __asm__(NAME);
noinline int work(int x) { return outside(x) + elsewhere(x); }
int caller(int x) { return work(x) + 1; }
