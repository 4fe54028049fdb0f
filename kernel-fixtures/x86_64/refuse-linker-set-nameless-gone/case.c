/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static void quirk(void *d) { consume(d); }
static void *keep __used __section(".discard.addressable") = (void *)quirk;
#ifndef PATCHED
__asm__(".section .pci_fixup_early, \"a\"\n.balign 16\n.short 0x1022, 7\n.long 0, 0\n.long quirk - .\n.previous");
#endif
int work(int x) { return outside(x); }
