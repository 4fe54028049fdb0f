/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int early(int x)
{
	switch (x) {
	case 0: return 11;
	case 1: return 5;
	case 2: return 1234;
	case 3: return 77;
	case 4: return 8;
	default: return 0;
	}
}
#endif
int errno_of(int x)
{
	switch (x) {
	case 0: return -5;
	case 1: return -17;
	case 2: return -22;
	case 3: return -110;
	case 4: return -90;
	default: return 0;
	}
}
