/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int b = 2, a = 1;
static noinline int shared(int x) { return outside(x + 7); }
int third(int x) { return shared(x); }
int second(int x) { return elsewhere(x) + b++; }
int first(int x) { return outside(x) + a++; }
