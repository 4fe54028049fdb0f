/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	x = outside(x);
	__asm__ volatile(".globl work_middle\n\t.type work_middle, @function\nwork_middle:" : "+r"(x));
	return outside(x) + 1;
}
