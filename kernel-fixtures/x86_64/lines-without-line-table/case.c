/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
int work(int x) { might_sleep(); return outside(x); }
