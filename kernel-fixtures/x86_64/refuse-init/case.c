/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int state;
int __init setup(void) { state = BY; return outside(BY); }
int work(int x) { return outside(state); }
