/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

struct thing { int first, second; };
static notrace void trace_event_raw_event_thing(void *data, struct thing *thing) { outside(BY == 1 ? thing->first : thing->second); }
static notrace void perf_trace_thing(void *data, struct thing *thing) { elsewhere(BY == 1 ? thing->first : thing->second); }
const void *event_class_thing[] = { trace_event_raw_event_thing, perf_trace_thing };
int work(int x) { return outside(x) + BY; }
