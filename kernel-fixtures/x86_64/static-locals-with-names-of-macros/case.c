/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x)
{
	static struct { int sequence, credits; } descriptor = { 0, 16 };
	static int __key, _rs = 3, __msg, _entry, __warned = 5;

	__key += x;
	_rs += x;
	__msg += x;
	_entry += x;
	__warned += x;
	descriptor.credits--;
#ifdef PATCHED
	if (x < 0)
		return -22;
#endif
	consume(&descriptor);
	return outside(__key) + outside(_rs) + outside(__msg) + outside(_entry) + outside(__warned);
}
