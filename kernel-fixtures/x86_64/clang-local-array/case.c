/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LAST 25
#else
#define LAST 24
#endif
void fill(void) { int values[8] = { 17, 18, 19, 20, 21, 22, 23, LAST }; consume(values); }
void other(void) { int values[8] = { 1, 2, 3, 4, 5, 6, 7, 9 }; consume(values); }
