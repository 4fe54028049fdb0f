/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int first[16] __read_mostly __used = { 5 };
#ifdef PATCHED
static int extra[8] __read_mostly __used = { 77 };
#define BY extra[1]++
#else
#define BY 1
#endif
static int second[64] __read_mostly __used = { 9 };
void set(int i, int v) { first[i & 15] = v; second[i & 15] = v; }
int lookup(long c) { return outside(first[c + 40]); }
int lookup_too(long c) { return elsewhere(first[c + 40]) + BY; }
int within(long c) { return outside(second[c + 2]); }
