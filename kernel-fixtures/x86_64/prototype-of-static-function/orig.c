/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int set(int chan) { return outside(chan) * 3; }
int api_set(int chan) { return set(chan); }
