/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct head { void (*call)(struct head *); };
void call_later(struct head *head, void (*call)(struct head *));
static void put(struct head *head) { consume(head); }
#ifdef PATCHED
static void put_late(struct head *head) { outside(1); consume(head); }
void release(struct head *head) { call_later(head, put_late); call_later(head, put); }
#else
void release(struct head *head) { call_later(head, put); call_later(head, put); }
#endif
