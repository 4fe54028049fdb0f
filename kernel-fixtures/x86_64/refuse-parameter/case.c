/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int kept = 1;
module_param(kept, 0644);
#ifdef PATCHED
static int added = 2;
module_param(added, 0644);
int work(int x) { return outside(x + added) + kept; }
#else
int work(int x) { return outside(x) + kept; }
#endif
