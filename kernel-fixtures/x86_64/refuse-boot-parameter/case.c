/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct obs_kernel_param { const char *str; int (*setup_func)(char *); int early; };
int value;
#ifdef PATCHED
static int __init work(char *text) { value = outside(*text); return 1; }
static const char __setup_str_work[] __section(".init.rodata") = "work=";
static struct obs_kernel_param __setup_work __used __section(".init.setup") = { __setup_str_work, work, 0 };
#endif
