/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int state = 4;
#else
int state;
#endif
int work(int x) { return outside(state += x); }
