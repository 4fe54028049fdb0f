/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
extern int (*current_handler)(int);
int handler(int x) { if (current_handler == handler) return BY; return outside(x); }
