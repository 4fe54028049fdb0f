/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct lock { };
void take(struct lock *lock);
static int first[4] __read_mostly = { 1 };
static struct lock lock __read_mostly = { };
#ifdef PATCHED
static int extra __read_mostly = 7;
#define BY extra++
#else
#define BY 1
#endif
static int second[4] __read_mostly = { 2 };
void set(int i) { first[i & 3] = i; second[i & 3] = i; }
int work(int x) { take(&lock); return outside(x + second[x & 3]) + BY; }
