/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
char *name = "new";
#else
char *name = "old";
#endif
int work(int x) { consume(name); return outside(x); }
