/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	switch (x) {
	case 0: return outside(1);
	case 1: return elsewhere(2);
	case 2: return outside(3) + 7;
#if defined(PATCHED)
	case 3: return elsewhere(4) * 3;
	case 4: return outside(5) ^ 4;
	case 5: return elsewhere(6) | 1;
	case 6: return outside(7) - 2;
	case 7: return elsewhere(8) & 9;
#endif
	}
	return x;
}
