/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
#ifndef PATCHED
	WARN_ON(x > 6);
#endif
	WARN_ON(x < -6);
	return outside(x);
}
