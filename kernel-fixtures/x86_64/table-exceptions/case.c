/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int *p) { int value = 0; return get_user(value, p) + outside(value); }
int work(int *p) { int value = 0; return get_user(value, p) + elsewhere(value) + BY; }
