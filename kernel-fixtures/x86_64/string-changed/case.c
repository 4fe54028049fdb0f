/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "hello, world\n"
#else
#define TEXT "hello\n"
#endif
int greet(void) { return _printk(TEXT); }
int other(void) { return _printk("other\n"); }
