/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
__section(".kprobes.text")
#endif
int work(int x) { return outside(x); }
