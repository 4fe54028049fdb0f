/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int f0(int); int f1(int); int f2(int);
int dispatch(int x)
{
	switch (x) {
	case 0: return f0(x) + 1;
	case 1: return f1(x) + 2;
	case 2: return f2(x) + 3;
	case 3: return outside(x) + 4;
	case 4: return elsewhere(x) + 5;
#ifdef PATCHED
	case 5: return f0(x) + f1(x);
#endif
	default: return 0;
	}
}
int other(int x)
{
	switch (x) {
	case 10: return f0(x) + 6;
	case 11: return f1(x) + 7;
	case 12: return f2(x) + 8;
	case 13: return outside(x) + 9;
	case 14: return elsewhere(x) + 10;
	default: return 0;
	}
}
