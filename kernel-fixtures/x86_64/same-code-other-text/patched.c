/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

/* explained at last */
int answer(int x)
{
	return outside(x);
}

static int state;	/* and this */

int count(void) { return ++state; }
