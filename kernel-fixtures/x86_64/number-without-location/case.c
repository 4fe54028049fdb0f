/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int work(int x) { return outside(101); }
#else
int work(int x) { return outside(100); }
#endif
