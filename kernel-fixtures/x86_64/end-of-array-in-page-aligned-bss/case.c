/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note(char *p, int by);
static char first[4096] __section(".bss..page_aligned") __aligned(4096) __used;
#ifdef PATCHED
static char extra[4096] __section(".bss..page_aligned") __aligned(4096) __used;
#define BY extra[9]++ + tail[9]++
#else
#define BY 1
#endif
static char second[4096] __section(".bss..page_aligned") __aligned(4096) __used;
#ifdef PATCHED
static char tail[4096] __section(".bss..page_aligned") __aligned(4096) __used;
#endif
void set(int i, int v) { note(&first[i], v); note(&second[i], v); }
void walk(void)
{
	char *p;
	for (p = first; p < first + 4096; p++)
		note(p, BY);
}
void walk_second(void)
{
	char *p;
	for (p = second; p < second + 4096; p++)
		note(p, BY);
}
void walk_too(void)
{
	char *p;
	for (p = first; p < first + 4096; p++)
		note(p, 3);
}
void backwards(void)
{
	char *p;
	for (p = second + 4095; p >= second; p--)
		note(p, 4);
}
