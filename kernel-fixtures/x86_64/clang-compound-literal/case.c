/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct op { int a, b, c, d; };
#ifdef PATCHED
#define EXTRA consume(&(const struct op){ 9, 9, 9, 9 });
#else
#define EXTRA
#endif
static const struct op *const table[] = { &(const struct op){ 1, 2, 3, 4 }, &(const struct op){ 5, 6, 7, 8 } };
const struct op *first(int i) { outside(i); return table[i & 1]; }
const struct op *second(int i) { EXTRA return table[(outside(i) ^ 1) & 1]; }
