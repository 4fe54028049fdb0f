/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct head { int n; int items[0]; };
static struct head head __read_mostly = { 3 };
#ifdef PATCHED
static int extra __read_mostly = 7;
#define BY extra
#else
#define BY 1
#endif
static int buffer[8] __read_mostly = { 4 };
void fill(int i) { buffer[i & 7] = i; head.n = i; }
int work(int x) { if (head.n > x) consume(head.items); return outside(x) + BY; }
