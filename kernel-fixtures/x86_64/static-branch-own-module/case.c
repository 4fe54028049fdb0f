/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

struct static_key feature;
int other(int x) { return static_branch(&feature) ? outside(x) : x; }
int work(int x) { return static_branch(&feature) ? outside(x) + BY : elsewhere(x); }
