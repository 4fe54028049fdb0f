/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static const int policy[3] = { 1, 2, 4 };
#else
static const int policy[3] = { 1, 2, 3 };
#endif
struct family { const int *policy; };
void __init start(struct family *f) { f->policy = policy; consume(f); }
int work(unsigned int i) { return outside(policy[i % 3]); }
