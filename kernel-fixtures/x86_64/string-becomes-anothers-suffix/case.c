/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void report2(const char *text);
#ifdef PATCHED
int work(int x) { report("the device is busy"); return outside(x); }
#else
int work(int x) { report("device is gone"); return outside(x); }
#endif
int other(int x) { report2("is busy"); return elsewhere(x); }
