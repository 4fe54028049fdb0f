/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int lookup(int x) __attribute__((__const__));
#else
int lookup(int x);
#endif
int work(int x) { return lookup(x) + lookup(x); }
