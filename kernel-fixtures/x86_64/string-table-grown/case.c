/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define MORE , "delta"
#define COUNT 4
#else
#define MORE
#define COUNT 3
#endif
static const char *const names[] = { "alpha", "beta", "gamma" MORE };
const char *name_of(unsigned int i) { outside(i); return i < COUNT ? names[i] : NULL; }
int other(int x) { return outside(x); }
