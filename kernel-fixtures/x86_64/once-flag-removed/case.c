/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
#ifndef PATCHED
	WARN_ONCE(x > 10, "work: %d\n", x);
#endif
	return outside(x);
}
