/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int first[16] __read_mostly __used = { 5, 1, 2 };
#ifdef PATCHED
static int extra __read_mostly __used = 77;
#define BY extra++
#else
#define BY 1
#endif
static int second[16] __read_mostly __used = { 9, 1, 2 };
void note(int *p, int *end, int by);
void set(int i, int v) { first[i & 15] = v; second[i & 15] = v; }
void work(void) { note(first, first + 16, BY); }
void work_second(void) { note(second, second + 16, BY); }
