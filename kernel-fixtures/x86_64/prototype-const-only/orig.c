/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

typedef unsigned int number;
int api_set(char *name, unsigned int x) { consume(name); return outside(x); }
