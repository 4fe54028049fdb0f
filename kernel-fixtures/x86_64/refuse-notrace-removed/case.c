/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifndef PATCHED
notrace
#endif
int work(int x) { return outside(x) + 1; }
int other(int x) { return elsewhere(x); }
