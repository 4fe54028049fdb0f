/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note(const int *p, int by);
static const int first[16] __used = { 5, 1, 2 };
#ifdef PATCHED
static const volatile int extra __used = 7;
#define BY extra + tail
#else
#define BY 1
#endif
static const int second[16] __used = { 9, 1, 2 };
#ifdef PATCHED
static const volatile int tail __used = 7;
#endif
void set(int i, int v) { note(&first[i], v); note(&second[i], v); }
void walk(void)
{
	const int *p;
	for (p = first; p < first + 16; p++)
		note(p, BY);
}
void walk_second(void)
{
	const int *p;
	for (p = second; p < second + 16; p++)
		note(p, BY);
}
void walk_too(void)
{
	const int *p;
	for (p = first; p < first + 16; p++)
		note(p, 3);
}
