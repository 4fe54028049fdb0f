/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


int work(int x)
{
	static bool __section(".data.once") ___done;
	static struct static_key ___once_key = { 1, NULL };

	if (static_branch(&___once_key) && !___done) {
		___done = true;
		consume(&___once_key);
	}
	return outside(x) + BY;
}
