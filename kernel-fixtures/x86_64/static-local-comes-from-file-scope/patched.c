/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int next_id(void) { static int id = 100; return outside(id++) + 1; }
