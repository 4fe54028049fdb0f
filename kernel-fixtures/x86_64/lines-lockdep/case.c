/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#line 140 "case.c"
#else
#line 100 "case.c"
#endif
int debug_enabled(void);
int work(int x) { if (!debug_enabled()) lockdep_rcu_suspicious(__FILE__, __LINE__, "suspicious use"); return outside(x); }
