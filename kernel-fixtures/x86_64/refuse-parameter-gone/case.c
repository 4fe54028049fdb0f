/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct setup { const char *name; int (*call)(char *); };
static int __used __init set_level(char *text) { return outside(text[0]); }
#ifndef PATCHED
static const struct setup __setup_set_level __used __section(".init.setup") = { "level=", set_level };
#endif
int work(int x) { return outside(x); }
