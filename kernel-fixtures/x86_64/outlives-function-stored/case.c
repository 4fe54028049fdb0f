/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct timer { void (*call)(struct timer *); };
#ifdef PATCHED
static void expire(struct timer *timer) { outside(1); consume(timer); }
void arm(struct timer *timer) { timer->call = expire; consume(timer); }
#else
void arm(struct timer *timer) { consume(timer); }
#endif
