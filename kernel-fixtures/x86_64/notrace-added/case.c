/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
notrace int work(int x) { return outside(x) + 2; }
#else
int work(int x) { return outside(x) + 1; }
#endif
int other(int x) { return elsewhere(x); }
