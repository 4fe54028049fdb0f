/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct mutex lock, other_lock;
void setup(int x)
{
	mutex_init(&lock);
#ifdef PATCHED
	outside(x + 1);
#else
	outside(x);
#endif
}
void other(void) { mutex_init(&other_lock); }
