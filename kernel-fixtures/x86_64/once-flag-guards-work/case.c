/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void draw(u32 *secret, int bytes);
static u32 secret;
#define DO_ONCE_LITE(call) do { \
	static bool __section(ONCE_SECTION) __already_done; \
	if (unlikely(!__already_done)) { \
		__already_done = true; \
		call; \
	} } while (0)
int work(int x)
{
	DO_ONCE_LITE(draw(&secret, 4));
	_printk("drawn\n");
#ifdef PATCHED
	return outside(x + 1) + secret;
#else
	return outside(x) + secret;
#endif
}
