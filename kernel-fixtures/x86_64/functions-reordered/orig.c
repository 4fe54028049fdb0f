/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int a = 1, b = 2;
int first(int x) { return outside(x) + a++; }
int second(int x) { return elsewhere(x) + b++; }
static noinline int shared(int x) { return outside(x + 7); }
int third(int x) { return shared(x); }
