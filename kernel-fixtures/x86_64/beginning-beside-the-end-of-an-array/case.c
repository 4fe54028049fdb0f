/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int irq_map[16] __read_mostly = { 5, 1, 2 };
#ifdef PATCHED
static int extra[4] __read_mostly = { 77 };
#endif
static int gsi_map[16] __read_mostly = { 9, 1, 2 };
void set_maps(int i, int v) { irq_map[i] = v; gsi_map[i] = v; }
void work(void)
{
#ifdef PATCHED
	consume(extra);
	consume(extra + 1);
#endif
	outside(1);
}
