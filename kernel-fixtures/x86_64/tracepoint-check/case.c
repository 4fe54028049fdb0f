/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#define TRACEPOINT_USED(event) \
	static const char __used __section("__tracepoint_check") __trace_check_##event[] = #event
#define FORCE_READ_SYMBOL(name) \
	static const char __used __section(".no_trim_symbol") __no_trim_##name[] = #name

extern struct tracepoint __tracepoint_sched_io;
void trace_it(int x);
TRACEPOINT_USED(sched_wait);
FORCE_READ_SYMBOL(kept);
#ifdef PATCHED
TRACEPOINT_USED(sched_io);
FORCE_READ_SYMBOL(added);
#else
TRACEPOINT_USED(sched_gone);
#endif
int work(int x)
{
#ifdef PATCHED
	if (static_branch(&__tracepoint_sched_io.key))
		trace_it(x);
#endif
	return outside(x);
}
