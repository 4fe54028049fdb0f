/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct row { int value, other, third; };
#ifdef PATCHED
static const struct row rows[] = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 10 } };
#else
static const struct row rows[] = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } };
#endif

int find(int wanted, unsigned long step)
{
	const struct row *row;

	for (row = rows; row < rows + 3; row++)
		if (row->value == outside(wanted))
			return (row - rows) + rows[(row - rows) * step % 3].third;
	return rows[(wanted >> 2) % 3].third;
}
