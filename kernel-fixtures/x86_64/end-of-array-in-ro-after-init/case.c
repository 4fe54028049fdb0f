/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note(int *p, int by);
static int first[16] __ro_after_init __used = { 5, 1, 2 };
#ifdef PATCHED
static int extra __ro_after_init __used = 77;
#define BY outside(extra) + outside(tail)
#else
#define BY 1
#endif
static int second[16] __ro_after_init __used = { 9, 1, 2 };
#ifdef PATCHED
static int tail __ro_after_init __used = 77;
#endif
void set(int i, int v) { note(&first[i], v); note(&second[i], v); }
void walk(void)
{
	int *p;
	for (p = first; p < first + 16; p++)
		note(p, BY);
}
void walk_second(void)
{
	int *p;
	for (p = second; p < second + 16; p++)
		note(p, BY);
}
void walk_too(void)
{
	int *p;
	for (p = first; p < first + 16; p++)
		note(p, 3);
}
void backwards(void)
{
	int *p;
	for (p = second + 15; p >= second; p--)
		note(p, 4);
}
