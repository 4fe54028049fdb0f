/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int state;
#else
int state = 4;
#endif
int work(int x) { return outside(state += x); }
