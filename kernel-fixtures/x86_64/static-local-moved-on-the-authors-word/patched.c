/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int id = 100;
int next_id(void) { return outside(id++); }
int last_id(void) { return id - 1; }
