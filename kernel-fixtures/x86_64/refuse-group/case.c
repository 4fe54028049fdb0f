/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int merged(int x);
int other(int x) { return merged(x); }
