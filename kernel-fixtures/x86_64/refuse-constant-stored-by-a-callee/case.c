/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int policy[3] = { 1, 2, 4 };
#else
static const int policy[3] = { 1, 2, 3 };
#endif
static const int other[3] = { 7, 8, 9 };
struct family { const int *policy; };
static noinline void set_policy(struct family *f, const int *policy) { f->policy = policy; consume(f); }
void start(struct family *f, int x) { set_policy(f, x ? policy : other); }
