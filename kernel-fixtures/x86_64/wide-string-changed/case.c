/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT L"wide TEXT"
#else
#define TEXT L"wide text"
#endif
void show(void) { consume(TEXT); outside(1); }
void other(void) { consume(L"wide other"); outside(2); }
