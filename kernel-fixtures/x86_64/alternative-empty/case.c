/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int plain(int a) { alternative("nop", "", 112); return outside(a) + 1; }
#ifdef PATCHED
int other(int a) { if (a > 90) return outside(a) - 9; alternative("nop", "int3", 113); return outside(a); }
#else
int other(int a) { alternative("nop", "int3", 113); return outside(a); }
#endif
int third(int a) { alternative("nop", "", 114); return elsewhere(a) + 1; }
