/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int callback(int x) { return outside(x) + BY; }
void setup(void)
{
	void *address;
	__asm__("movq $callback, %0" : "=r"(address));
	consume(address);
	outside(BY);
}
