/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern struct static_key feature, other_feature;
#ifdef PATCHED
#define FIRST other_feature
#define SECOND feature
#else
#define FIRST feature
#define SECOND other_feature
#endif
int kept(int x) { return static_branch(&feature) ? outside(x) : static_branch(&other_feature) ? elsewhere(x) : x; }
int work(int x) { return static_branch(&FIRST) ? outside(x) : static_branch(&SECOND) ? elsewhere(x) : x; }
