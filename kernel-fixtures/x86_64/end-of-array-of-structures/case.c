/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct row { int first, rest[49]; };
void note(struct row *p, int by);
static struct row first[4] __read_mostly __used = { { 5 } };
#ifdef PATCHED
static int extra __read_mostly __used = 77;
#define BY extra++ + tail++
#else
#define BY 1
#endif
static struct row second[4] __read_mostly __used = { { 9 } };
#ifdef PATCHED
static int tail __read_mostly __used = 77;
#endif
void set(int i, int v) { note(&first[i], v); note(&second[i], v); }
void walk(void)
{
	struct row *p;
	for (p = first; p < first + 4; p++)
		note(p, BY);
}
void walk_second(void)
{
	struct row *p;
	for (p = second; p < second + 4; p++)
		note(p, BY);
}
void walk_too(void)
{
	struct row *p;
	for (p = first; p < first + 4; p++)
		note(p, 3);
}
void backwards(void)
{
	struct row *p;
	for (p = second + 3; p >= second; p--)
		note(p, 4);
}
