/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct config { int a, b; };
static const struct config first = { 1, 2 };
#ifdef PATCHED
static const struct config second = { 3, 5 };
#else
static const struct config second = { 3, 4 };
#endif
static const struct config *const all[] = { &first, &second };
struct device { const struct config *config; };
void probe(struct device *d, unsigned int i) { outside(i); d->config = all[i & 1]; }
