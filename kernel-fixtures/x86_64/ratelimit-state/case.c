/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int noisy(int x)
{
	if (ratelimited())
		_printk("noisy\n");
#ifdef PATCHED
	return outside(x) + 2;
#else
	return outside(x) + 1;
#endif
}
