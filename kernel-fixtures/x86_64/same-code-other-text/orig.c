/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int answer(int x) { return outside(x); }
static int state;
int count(void) { return ++state; }
