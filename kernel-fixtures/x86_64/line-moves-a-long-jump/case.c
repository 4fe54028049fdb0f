/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 1
#define AT 128
#else
#define BY 0
#define AT 127
#endif
void corrupt(const char *tag, int level, void *mount, void *buffer, long size, const char *file, int line, void *address);
int work(void *m, int x)
{
	if (x > 5) {
		outside(x); outside(x + 1); outside(x + 2);
#line AT "case.c"
		corrupt("a", 1, m, m, 3, __FILE__, __LINE__, m); elsewhere(x); elsewhere(x + 1); elsewhere(x + 2); elsewhere(x + 3); elsewhere(x + 4);
	}
	consume(m);
	return x;
}
