/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
static int clock __section(".bss..decrypted");
#else
static int clock;
#endif
int work(int x) { clock += x; return outside(clock); }
