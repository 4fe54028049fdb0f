/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int next_id(void) { static int serial = 100; return outside(serial++) + 1; }
