/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int x)
{
#ifdef PATCHED
	_printk("brand new\n");
#endif
	return _printk("first\n") + 1;
}
int second(int x) { return _printk("second\n") + 2; }
