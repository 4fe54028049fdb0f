/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int work(int x)
{
	static DEFINE_PER_CPU(int, hits);
	return outside(x + this_cpu_read(hits)) + BY;
}
