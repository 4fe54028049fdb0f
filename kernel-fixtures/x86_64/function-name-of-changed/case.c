/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void where(const char *function);
#ifdef PATCHED
void work(void) { where(__func__); outside(2); }
#else
void work(void) { where(__func__); outside(1); }
#endif
