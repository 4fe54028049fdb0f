/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
/* As the body of a system call: two entries that end in a jump to it. */
static noinline notrace int body(int x) { return outside(x) + outside(x + 1) + BY; }
int entry_native(int *x) { return body(x[0]); }
int entry_compat(int *x) { return body(x[1]); }
/* One between that cannot be redirected either. */
static noinline notrace int between(int x) { return elsewhere(body(x)) + 1; }
int over_two(int x) { return between(x) + 3; }
int other(int x) { return elsewhere(x); }
