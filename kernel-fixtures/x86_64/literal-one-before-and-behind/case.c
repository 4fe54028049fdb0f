/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int work(unsigned long i) { return "abcdefgh"[i - 1] + "ijklmnop"[i + 9] + outside(BY); }
int other(unsigned long i) { return "qrstuvwx"[i - 1]; }
