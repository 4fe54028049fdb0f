/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int *p) { int value = 0; return get_user(value, p) + outside(value); }
#ifdef PATCHED
#undef EX_TYPE_EFAULT
#define EX_TYPE_EFAULT 4
#endif
int work(int *p) { int value = 0; return get_user(value, p) + elsewhere(value); }
