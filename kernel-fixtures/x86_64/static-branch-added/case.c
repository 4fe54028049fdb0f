/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern struct static_key feature;
#ifdef PATCHED
int work(int x) { return static_branch(&feature) ? outside(x) : elsewhere(x); }
#else
int work(int x) { return elsewhere(x); }
#endif
