/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static __section(".data..percpu") int slots[128];
#else
static __section(".data..percpu") int slots[64];
#endif
int work(int x) { return outside(x + this_cpu_read(slots[1])); }
