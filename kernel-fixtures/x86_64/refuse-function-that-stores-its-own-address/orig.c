/* SPDX-License-Identifier: GPL-2.0-or-later */
#define notrace __attribute__((no_instrument_function,noinline))
struct timer { void (*fn)(struct timer *); int n; };
extern void arm(struct timer *);
static notrace void tick(struct timer *c) { c->n++; c->fn = tick; arm(c); }
void start(struct timer *c) { tick(c); }
