/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void note_ip(unsigned long ip);
#ifdef PATCHED
void locked(void) { outside(1); note_ip(_THIS_IP_); outside(2); }
#else
void locked(void) { note_ip(_THIS_IP_); outside(2); }
#endif
