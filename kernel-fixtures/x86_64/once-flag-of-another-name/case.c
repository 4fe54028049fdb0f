/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void draw(u32 *secret, int bytes);
static u32 secret;
int work(int x)
{
	static bool __section(ONCE_SECTION) initialized;

	if (!initialized) {
		initialized = true;
		draw(&secret, 4);
	}
#ifdef PATCHED
	return outside(x + 1) + secret;
#else
	return outside(x) + secret;
#endif
}
