/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int entry(int a) { alternative("nop", "int3", 112); return outside(a); }
#else
int entry(int a) { return outside(a); }
#endif
