/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int limit = 20;
#else
int limit = 10;
#endif
int work(int x) { return outside(x > limit); }
