/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
int work(unsigned long i) { return L"wide text"[i + 3] + outside(BY); }
