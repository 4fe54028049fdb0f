/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern char empty_zero_page[];
#ifdef PATCHED
#define WHERE "empty_zero_page+0x280000000"
#else
#define WHERE "empty_zero_page+0x80000000"
#endif
unsigned long zero_page_alias(void)
{
	unsigned long address;
	__asm__("movabsq $" WHERE ", %0" : "=r"(address));
	return address;
}
