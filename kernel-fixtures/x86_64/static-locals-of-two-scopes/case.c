/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int count(int x)
{
	if (x > 0) {
		static int state = 10;
		state += x;
		outside(state);
	} else {
		static int state = 20;
		state -= x;
		elsewhere(state);
	}
#ifdef PATCHED
	return 1;
#else
	return 0;
#endif
}
