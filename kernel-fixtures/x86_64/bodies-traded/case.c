/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define first_body second
#define second_body first
#else
#define first_body first
#define second_body second
#endif
int first_body(int x) { return outside(x) + 1; }
int second_body(int x) { return elsewhere(x) * 2; }
