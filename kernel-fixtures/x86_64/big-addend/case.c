/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern char empty_zero_page[];
unsigned long zero_page_alias(void)
{
	unsigned long address;
	__asm__("movabsq $empty_zero_page+0x80000000, %0" : "=r"(address));
#ifdef PATCHED
	return address + 8;
#else
	return address;
#endif
}
