/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define LAST -99
#else
#define LAST -90
#endif
int errno_of(int x)
{
	switch (x) {
	case 0: return -5;
	case 1: return -17;
	case 2: return -22;
	case 3: return -110;
	case 4: return LAST;
	default: return 0;
	}
}
int other(int x) { return outside(x); }
