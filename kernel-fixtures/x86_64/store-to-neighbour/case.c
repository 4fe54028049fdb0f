/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int first __read_mostly = 1;
static int second __read_mostly = 2;
int read_both(void) { return outside(first) + second; }
#ifdef PATCHED
void work(int x) { outside(x + 2); second = 0x12345; }
#else
void work(int x) { outside(x + 1); second = 0x12345; }
#endif
void set(void) { first = 0x54321; }
