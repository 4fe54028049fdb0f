/* SPDX-License-Identifier: GPL-2.0-or-later */
#define __ro_after_init __attribute__((section(".data..ro_after_init")))
static int x = 1;
int bump(void) { return x++; }
