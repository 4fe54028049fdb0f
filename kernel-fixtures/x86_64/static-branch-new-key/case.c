/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int other(int x) { return outside(x); }
#ifdef PATCHED
struct static_key fresh;
int work(int x) { return static_branch(&fresh) ? outside(x) : elsewhere(x); }
#else
int work(int x) { return elsewhere(x); }
#endif
