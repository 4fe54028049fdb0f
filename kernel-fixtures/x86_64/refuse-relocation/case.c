/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int work(int x)
{
	int *address;
	__asm__("movq shared_state@GOTPCREL(%%rip), %0" : "=r"(address));
	return outside(*address);
}
#else
int work(int x) { return outside(x); }
#endif
