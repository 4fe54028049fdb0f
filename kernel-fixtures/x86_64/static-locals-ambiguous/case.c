/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int count(int x)
{
#ifdef PATCHED
	if (x == 5) {
		static int state;
		return outside(state += 5);
	}
#endif
	if (x > 0) {
		static int state;
		return outside(state += x);
	} else {
		static int state;
		return elsewhere(state -= x);
	}
}
