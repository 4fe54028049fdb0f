/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
static noinline notrace int body(int x) { return outside(x) + BY; }
int caller(int x) { return body(x) + 1; }
__attribute__((section(".init.text"))) int setup(int x) { return body(x) + 2; }
