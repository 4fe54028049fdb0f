/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int run(int *code)
{
	static const void *const table[] = { &&add, &&sub, &&stop };
	int value = 0;
	goto *table[*code++];
add:
	value += outside(1);
	goto *table[*code++];
sub:
	value -= elsewhere(1);
	goto *table[*code++];
stop:
	return value;
}
int other(int x) { return outside(x) + BY; }
