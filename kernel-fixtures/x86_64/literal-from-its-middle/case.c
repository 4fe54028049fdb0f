/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
void tag(char *b, unsigned long n)
{
	if (n > 12)
		n = 12;
	__builtin_memcpy(b, " livepatched", n);
	outside(BY);
}
