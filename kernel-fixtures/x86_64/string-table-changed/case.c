/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LAST "gamma!"
#else
#define LAST "gamma"
#endif
static const char *const names[] = { "alpha", "beta", LAST };
const char *name_of(unsigned int i) { outside(i); return i < 3 ? names[i] : NULL; }
int other(int x) { return outside(x); }
