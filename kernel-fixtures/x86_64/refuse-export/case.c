/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x); }
int kept(int x) { return outside(x) + 1; }
EXPORT_SYMBOL(kept);
#ifdef PATCHED
EXPORT_SYMBOL(work);
#endif
