/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int x)
{
#ifdef PATCHED
	return _printk("no entry") + _printk("entry");
#else
	return _printk("no entry");
#endif
}
