/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int work(int x)
{
	void *address;
	__asm__("movq $7f, %0\n.pushsection .discard.note, \"a\"\n7:\t.long 1\n.popsection" : "=r"(address));
	consume(address);
	return outside(BY);
}
