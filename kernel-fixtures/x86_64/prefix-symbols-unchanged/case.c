/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

noinline int work(int x) { return outside(x) + 1; }
#ifdef PATCHED
int other(int x) { return elsewhere(x) + 2; }
#else
int other(int x) { return elsewhere(x) + 1; }
#endif
__asm__(".set __pfx_work, work - 16\n\t.type __pfx_work, @function\n\t.size __pfx_work, 16");
