/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct info { int a, b; };
#ifdef PATCHED
static const struct info infos[3] = { { 1, 2 }, { 3, 4 }, { 5, 7 } };
#else
static const struct info infos[3] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
#endif
const struct info *info_of(unsigned int i) { outside(i); return i < 3 ? &infos[i] : NULL; }
