/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
char buffer[64] __aligned(64) = { 1 };
#else
char buffer[64] __aligned(16) = { 1 };
#endif
int work(int x) { return outside(buffer[x & 63]); }
