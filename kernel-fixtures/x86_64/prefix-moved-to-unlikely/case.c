/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
__cold noinline int work(int x) { return outside(x) + 2; }
#else
noinline int work(int x) { return outside(x) + 1; }
#endif
int caller(int x) { return work(x) + 3; }
__asm__(".set __pfx_work, work - 16\n\t.type __pfx_work, @function\n\t.size __pfx_work, 16");
__asm__(".set __cfi_caller, caller - 16\n\t.type __cfi_caller, @function\n\t.size __cfi_caller, 16");
