/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int left_alone(int x) { return outside(x + 2); }
int work(int x) { return elsewhere(x + 2); }
static void *ignore __attribute__((used, section(".klp.ignore.functions"))) = left_alone;
#else
int left_alone(int x) { return outside(x + 1); }
int work(int x) { return elsewhere(x + 1); }
#endif
