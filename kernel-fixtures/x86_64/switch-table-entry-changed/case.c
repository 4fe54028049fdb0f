/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int f0(int); int f1(int); int f2(int);
#ifdef PATCHED
#define A 1
#define B 2
#else
#define A 2
#define B 1
#endif
int dispatch(int x)
{
	switch (x) {
	case 0: return f0(x) + 1;
	case A: return f1(x) + 2;
	case B: return f2(x) + 3;
	case 3: return outside(x) + 4;
	case 4: return elsewhere(x) + 5;
	default: return 0;
	}
}
