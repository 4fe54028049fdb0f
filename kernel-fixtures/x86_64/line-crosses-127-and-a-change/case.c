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
struct mount { void *buffer; long size; };
int work(struct mount *m)
{
	if (m->size > 5 + BY) {
#line AT "case.c"
		corrupt("bad", 1, m, m->buffer, m->size, __FILE__, __LINE__, m);
		return -117;
	}
	return 0;
}
