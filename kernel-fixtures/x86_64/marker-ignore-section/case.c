/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int value = 2;
int work(int x) { return elsewhere(x + 2); }
static const char *ignore __attribute__((used, section(".kpatch.ignore.sections"))) = ".data.value";
#else
int value = 1;
int work(int x) { return elsewhere(x + 1); }
#endif
