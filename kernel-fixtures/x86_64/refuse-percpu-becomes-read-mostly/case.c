/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
__section(".data..percpu..read_mostly") int slot;
#else
__section(".data..percpu") int slot;
#endif
int work(int x) { return outside(x + this_cpu_read(slot)); }
