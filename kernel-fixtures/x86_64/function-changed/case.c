/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int bystander(int x) { return outside(x) * 3; }
#ifdef PATCHED
int answer(int x) { return outside(x) + 43; }
#else
int answer(int x) { return outside(x) + 42; }
#endif
