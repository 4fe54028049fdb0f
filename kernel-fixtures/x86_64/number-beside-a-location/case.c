/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TIMEOUT 250
#else
#define TIMEOUT 200
#endif
void wait_for(const char *who, int milliseconds);
int work(int x) { wait_for(__func__, TIMEOUT); return outside(x); }
