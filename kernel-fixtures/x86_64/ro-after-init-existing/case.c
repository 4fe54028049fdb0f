/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int feature __ro_after_init = 1;
#ifdef PATCHED
int work(int x) { return outside(x) + feature * 2; }
#else
int work(int x) { return outside(x) + feature; }
#endif
