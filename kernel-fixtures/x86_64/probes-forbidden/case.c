/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int __section(".kprobes.text") before(int x) { return outside(x) * 3; }
int __section(".kprobes.text") work(int x) { return outside(x) + BY; }
