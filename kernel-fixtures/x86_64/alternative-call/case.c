/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int work(int x) { alternative("call slow_path", "call fast_path", 299); return outside(x) + BY; }
