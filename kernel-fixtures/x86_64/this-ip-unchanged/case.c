/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note_ip(unsigned long ip);
void locked(void) { note_ip(_THIS_IP_); outside(1); }
#ifdef PATCHED
int other(int x) { return outside(x + 2); }
#else
int other(int x) { return outside(x + 1); }
#endif
