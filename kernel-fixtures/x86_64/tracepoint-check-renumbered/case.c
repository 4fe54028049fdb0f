/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#define TRACEPOINT_USED(event, number) \
	static const char __used __section("__tracepoint_check") FIXTURE_PASTE(__trace_check_##event, number)[] = #event
#ifdef PATCHED
TRACEPOINT_USED(sched_io, _41);
#else
TRACEPOINT_USED(sched_io, _40);
#endif
int work(int x) { return outside(x); }
