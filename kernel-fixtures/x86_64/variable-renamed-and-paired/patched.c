/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int counter;
void hit(void) { counter++; outside(counter); }
int get(void) { return counter; }
