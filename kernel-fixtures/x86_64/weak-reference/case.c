/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int optional(int x) __weak;
#ifdef PATCHED
int work(int x) { return optional ? optional(x) : outside(x); }
#else
int work(int x) { return outside(x); }
#endif
