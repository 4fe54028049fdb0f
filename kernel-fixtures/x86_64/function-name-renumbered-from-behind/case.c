/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void where(const char *function);
void late(void) { where(__func__); outside(2); }
void later(void) { where(__func__); outside(3); }
#ifdef PATCHED
void last(void) { where(__func__); outside(1); }
#endif
