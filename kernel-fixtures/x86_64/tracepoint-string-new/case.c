/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#define tracepoint_string(text) ({ \
	static const char *___tp_str __used __section("__tracepoint_str") = text; \
	HIDE(&___tp_str); })
int work(int x)
{
	consume(tracepoint_string("kept"));
#ifdef PATCHED
	consume(tracepoint_string("added"));
#endif
	return outside(x);
}
int other(int x) { consume(tracepoint_string("other")); return elsewhere(x); }
