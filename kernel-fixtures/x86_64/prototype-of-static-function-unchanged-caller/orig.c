/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __attribute__((noipa)) int set(int chan) { outside(chan); return 3; }
void api_set(int chan) { set(chan + 1); elsewhere(chan); }
