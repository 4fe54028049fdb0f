/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
__weak
#endif
noinline int arch_hook(int x) { return outside(x) + 1; }
