/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

#define WARN_ONCE_OLD(condition) ({ \
	static bool __section(".data.unlikely") __warned; \
	if (unlikely(condition) && !__warned) { __warned = true; _printk(__FUNCTION__); } })
int first(int x) { WARN_ONCE_OLD(x > 1); return outside(x); }
int work(int x) { WARN_ONCE_OLD(x > 2); WARN_ONCE_OLD(x > 3); return outside(x) + BY; }
