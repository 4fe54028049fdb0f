/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int first(int *p) { int value = 0; return get_user(value, p) + outside(value); }
#ifdef PATCHED
#undef get_user
#define get_user(value, pointer) ({ int error = 0; __asm__ volatile("movl %2, %1" : "+r"(error), "=r"(value) : "m"(*(pointer))); error; })
#endif
int work(int *p) { int value = 0; return get_user(value, p) + elsewhere(value); }
