/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first __read_mostly = 1;
#ifdef PATCHED
int second __read_mostly = 3;
#else
int second __read_mostly = 2;
#endif
int work(int x) { return outside(first + second); }
