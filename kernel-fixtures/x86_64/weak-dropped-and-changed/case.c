/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
noinline int arch_hook(int x) { return outside(x) + 2; }
#else
__weak noinline int arch_hook(int x) { return outside(x) + 1; }
#endif
