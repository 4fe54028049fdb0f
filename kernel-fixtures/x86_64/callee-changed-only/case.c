/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define target elsewhere
#else
#define target outside
#endif
int caller(int x) { return target(x) + 1; }
