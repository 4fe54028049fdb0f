/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
struct item { int b, a; };
#else
struct item { int a, b; };
#endif
struct item items[4];
int get(int i) { outside(i); return items[i & 3].a; }
void put(int i, int v) { outside(i); items[i & 3].a = v; }
int plain(int i) { return outside(i); }
