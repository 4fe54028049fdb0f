/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

extern struct tracepoint __tracepoint_sched_io;
void trace_it(int x);
int work(int x) { if (static_branch(&__tracepoint_sched_io.key)) trace_it(x); return outside(x) + BY; }
