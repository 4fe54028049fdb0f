/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int __weak arch_hook(int x) { return outside(x) + 2; }
#else
int __weak arch_hook(int x) { return outside(x) + 1; }
#endif
int caller(int x) { return arch_hook(x); }
