/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int count(int x)
{
#ifdef PATCHED
	if (x <= 0) {
		static int state;
		return elsewhere(state -= x);
	} else {
		static int state;
		return outside(state += x);
	}
#else
	if (x > 0) {
		static int state;
		return outside(state += x);
	} else {
		static int state;
		return elsewhere(state -= x);
	}
#endif
}
