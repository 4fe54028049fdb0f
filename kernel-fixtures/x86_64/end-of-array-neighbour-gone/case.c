/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note(int *p, int by);
static int first[16] __read_mostly __used = { 5, 1, 2 };
#ifndef PATCHED
static int between __read_mostly __used = 3;
#define BY between++
#else
#define BY 1
#endif
static int second[16] __read_mostly __used = { 9, 1, 2 };
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
