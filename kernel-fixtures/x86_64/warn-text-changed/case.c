/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "x is above six"
#else
#define TEXT "x is above five"
#endif
int first(int x) { WARN_FORMAT(x > 5, "first"); return outside(x); }
int work(int x) { WARN_FORMAT(x > 6, TEXT); return elsewhere(x); }
