/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int plain(int a) { alternative("nop", "", 112); return outside(a) + BY; }
