/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
const int limit[2] = { 1, 20 };
#else
const int limit[2] = { 1, 10 };
#endif
int work(int x) { return outside(limit[x & 1]); }
