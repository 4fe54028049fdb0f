/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

bool __do_once_start(bool *done, unsigned long *flags);
void __do_once_done(bool *done, struct static_key *key, unsigned long *flags);
#define DO_ONCE(call) do { \
	static bool __section(".data.once") ___done; \
	static struct static_key ___once_key = { 1, NULL }; \
	if (static_branch(&___once_key)) { \
		unsigned long flags; \
		if (__do_once_start(&___done, &flags)) { \
			call; \
			__do_once_done(&___done, &___once_key, &flags); \
		} \
	} } while (0)
void draw(u32 *secret, int bytes);
static u32 secret, other_secret;

int work(int x)
{
	DO_ONCE(draw(&secret, 4));
#ifdef PATCHED
	return outside(x + 1) + secret;
#else
	return outside(x) + secret;
#endif
}
