/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct info { int a, b; };
#ifdef PATCHED
static const struct info infos[3] = { { 1, 2 }, { 3, 4 }, { 5, 7 } };
#else
static const struct info infos[3] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
#endif
struct device { const struct info *info; };
static noinline const struct info *lookup(unsigned int i) { outside(i); return i < 3 ? &infos[i] : NULL; }
void probe(struct device *d, unsigned int i) { d->info = lookup(i); }
