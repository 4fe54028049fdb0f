/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int work(int x) { return outside(x); }
#ifdef PATCHED
__asm__(".section .export_symbol, \"a\"\n__export_symbol_work:\n\t.asciz \"GPL\"\n\t.asciz \"\"\n\t.balign 8\n\t.quad work\n\t.previous");
#endif
