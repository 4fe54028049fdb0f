/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#define TEXT "table.c:141"
#else
#line 100 "case.c"
#define TEXT "table.c:101"
#endif
int other(int x) { return elsewhere(x); }

int work(int x) { report(TEXT); return outside(x); }
