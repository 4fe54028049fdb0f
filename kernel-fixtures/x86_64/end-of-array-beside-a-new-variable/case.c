/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note(int *p, int by);
static int irq_map[16] __read_mostly = { 5, 1, 2 };
#ifdef PATCHED
static int extra __read_mostly = 77;
#define BY extra++
#else
#define BY 1
#endif
static int gsi_map[16] __read_mostly = { 9, 1, 2 };
void set_maps(int i, int v) { irq_map[i] = v; gsi_map[i] = v; }
void walk(void)
{
	int *p;
	for (p = gsi_map; p < gsi_map + 16; p++)
		note(p, BY);
}
void walk_too(void)
{
	int *p;
	for (p = gsi_map; p < gsi_map + 16; p++)
		note(p, 3);
}
