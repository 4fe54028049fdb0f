/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "xyzdef"
#else
#define TEXT "abcdef"
#endif
static const char *const text = TEXT;
void work(int x) { consume(text + (x & 3)); outside(1); }
