/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

long api_set(long chan) { if (chan > 0x100000000) return -1; return outside(chan) * 3; }
