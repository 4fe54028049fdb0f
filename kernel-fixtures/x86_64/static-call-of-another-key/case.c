/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
int work(int x) { static_call(b); return outside(x); }
#else
int work(int x) { static_call(a); return outside(x); }
#endif
int other(int x) { static_call(a); return elsewhere(x); }
