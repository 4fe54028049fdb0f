/* SPDX-License-Identifier: GPL-2.0-or-later */
static const int ra[] = { 10, 20, 30 };
static const int rb[] = { 100, 200, 300 };
static const int rc[] = { 1, 2, 3 };
static const int rd[] = { 7, 8, 9 };
int rate(int gen, int idx)
{
	const int *t;
	switch (gen) {
	case 1: t = ra; break;
	case 2: t = rb; break;
	case 3: t = rc; break;
	case 4: t = rd; break;
	case 5: t = rb; break;
	default: return -1;
	}
	return t[idx];
}
