/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct work { long data; void (*call)(struct work *); };
int queue(int cpu, struct work *work, unsigned long delay);
#ifdef PATCHED
static void late(struct work *work) { outside(1); consume(work); }
static struct work later = { 0, late };
int show(int x) { queue(3, &later, 1500); return outside(x); }
#else
int show(int x) { return outside(x); }
#endif
