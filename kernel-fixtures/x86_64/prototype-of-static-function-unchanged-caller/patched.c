/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __attribute__((noipa)) unsigned char set(int chan) { return outside(chan + 1); }
void api_set(int chan) { set(chan + 1); elsewhere(chan); }
