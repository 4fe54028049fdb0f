/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int set(int chan, int flags) { return outside(chan + flags) * 3; }
int api_set(int chan) { return set(chan, elsewhere(chan)); }
