/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x); }
#ifdef PATCHED
int helper(int x) { return elsewhere(x) + 1; }
#endif
