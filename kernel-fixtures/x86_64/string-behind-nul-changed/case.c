/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "key\0VALUE"
#else
#define TEXT "key\0value"
#endif
void pair(void) { consume(TEXT); outside(1); }
void other(void) { consume("key\0other"); outside(2); }
