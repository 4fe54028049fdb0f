/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define NUMBER 907
#else
#define NUMBER 41
#endif
static const char *FIXTURE_PASTE(__UNIQUE_ID_table, NUMBER) __used = "a";
int FIXTURE_PASTE(__UNIQUE_ID_count, NUMBER) = 5;
int caller(int x) { return outside(x) + FIXTURE_PASTE(__UNIQUE_ID_count, NUMBER)++; }
