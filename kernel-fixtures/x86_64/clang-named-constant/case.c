/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define FIRST 9
#else
#define FIRST 1
#endif
static const int tab[4] = { FIRST, 2, 3, 4 };
static const int same[4] = { 5, 6, 7, 8 };
int get(long i) { return tab[i + 2]; }
int behind(long i) { return tab[i + 4]; }
int other(long i) { return same[i + 2]; }
