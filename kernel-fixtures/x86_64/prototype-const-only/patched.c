/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

typedef unsigned int number;
int api_set(const char *text, number x) { consume(text); return outside(x + 1); }
