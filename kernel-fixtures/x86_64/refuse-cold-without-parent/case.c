/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

static int orphan(int x) __asm__("nobody.cold");
static noinline __cold int orphan(int x) { return outside(x) + BY; }
int work(int x) { return x < 0 ? orphan(x) : x; }
