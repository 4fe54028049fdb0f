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
struct static_key key;
struct mount { void *buffer; long size; int users; };
int work(struct mount *m, int *user)
{
	int value, i;
	if (m->size > 5)
#line AT "case.c"
		corrupt("bad", 1, m, m->buffer, m->size, __FILE__, __LINE__, m);
	for (i = 0; i < m->size; i++)
		outside(i);
	WARN_ON(m->size > 8);
	if (static_branch(&key))
		elsewhere(1);
	if (get_user(value, user))
		return -14;
	locked_add(m->users, 3);
	return value;
}
