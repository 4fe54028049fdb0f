/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int first __read_mostly = 1;
static int second __read_mostly = 2;
static int third __read_mostly = 3;
#ifdef PATCHED
int work(int x) { return outside(x) + second + 1; }
#else
int work(int x) { return outside(x) + second; }
#endif
void set(int a, int b, int c) { first = a; second = b; third = c; }
int get(void) { return first + third; }
