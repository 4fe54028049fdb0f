/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	x = outside(x);
	__asm__ volatile("work_middle:" : "+r"(x));
	return outside(x) + 2;
}
int shortcut(int x) { __asm__ goto("jmp work_middle" : : "D"(x) : : out); out: return x; }
