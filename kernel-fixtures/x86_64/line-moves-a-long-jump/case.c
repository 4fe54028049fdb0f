/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 128 "case.c"
#else
#line 127 "case.c"
#endif
void corrupt(const char *tag, int level, void *mount, void *buffer, long size, const char *file, int line, void *address); int work(void *m, int x) {
	if (x > 5) { outside(x); outside(x + 1); outside(x + 2); outside(x + 3);
#ifdef PATCHED
#line 128 "case.c"
#else
#line 127 "case.c"
#endif
		corrupt("a", 1, m, m, 3, __FILE__, __LINE__, m); elsewhere(x); elsewhere(x + 1); elsewhere(x + 2); elsewhere(x + 3); elsewhere(x + 4); elsewhere(x + 5); elsewhere(x + 6); }
	return x;
}
