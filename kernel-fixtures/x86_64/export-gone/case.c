/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x); }
#ifndef PATCHED
EXPORT_SYMBOL_GPL(work);
#endif
