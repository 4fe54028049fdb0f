/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define A 20
#define B 10
#else
#define A 10
#define B 20
#endif
int count(int x)
{
	if (x > 0) {
		static int state = A;
		return outside(state += x);
	} else {
		static int state = B;
		return elsewhere(state -= x);
	}
}
