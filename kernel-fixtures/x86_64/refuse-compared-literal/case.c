/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct object { const char *tag; };
int is_tagged(struct object *o)
{
	const char *mine = "tag";

	outside(
#ifdef PATCHED
		1 +
#endif
		1);
	return o->tag == mine;
}
