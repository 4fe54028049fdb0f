/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif


static struct _ddebug __aligned(8) __section("__dyndbg") __UNIQUE_ID_ddebug7 = { "fixture", "work", "case.c", "text", 65534 + BY, 63, 1 };
int work(int x) { __dynamic_pr_debug(&__UNIQUE_ID_ddebug7, "text"); return outside(x); }
