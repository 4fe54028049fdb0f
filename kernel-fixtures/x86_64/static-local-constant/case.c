/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int pick(int i)
{
	static const int primes[] = { 2, 3, 5, 7, 11, 13, 17, 19 };
#ifdef PATCHED
	return outside(primes[i & 7]) + 2;
#else
	return outside(primes[i & 7]) + 1;
#endif
}
