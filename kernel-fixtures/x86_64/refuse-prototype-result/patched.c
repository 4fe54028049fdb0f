/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int api_set(int x) { return outside(x) + 1; }
