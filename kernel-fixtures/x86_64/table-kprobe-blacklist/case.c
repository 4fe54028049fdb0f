/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


#define NOKPROBE_SYMBOL(f) static unsigned long __used __section("_kprobe_blacklist") _kbl_addr_##f = (unsigned long)f
struct error_injection_entry { unsigned long addr; int etype; };
#define ALLOW_ERROR_INJECTION(f) static struct error_injection_entry __used __section("_error_injection_whitelist") \
	_eil_addr_##f __aligned(8) = { (unsigned long)f, 1 }
int work(int x) { return outside(x) + BY; }
int other(int x) { return elsewhere(x); }
NOKPROBE_SYMBOL(work);
NOKPROBE_SYMBOL(other);
ALLOW_ERROR_INJECTION(work);
ALLOW_ERROR_INJECTION(other);
