/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct static_key feature
#ifdef PATCHED
	= { 1, NULL };
#else
	= { 0, (void *)8 };
#endif
int work(int x) { return static_branch(&feature) ? outside(x) : x; }
