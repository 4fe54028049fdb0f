/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#define MORE outside(code[3]) * 70000
#else
#define BY 1
#define MORE 0
#endif

int run(int *code)
{
	static const void *const table[] = { &&add, &&sub, &&stop };
	int value = 0;
	goto *table[*code++];
add:
	value += outside(BY);
	goto *table[*code++];
sub:
	value -= elsewhere(1) + MORE;
	goto *table[*code++];
stop:
	return value;
}
int other(int x) { return outside(x); }
