/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

DEFINE_TRACE(kept);
int work(int x) { return outside(x); }
#ifdef PATCHED
DEFINE_TRACE(added);
#endif
