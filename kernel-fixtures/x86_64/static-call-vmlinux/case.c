/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int work(int x) { static_call(my_hook); return outside(x) + BY; }
int other(int x) { static_call(my_hook); return elsewhere(x); }
