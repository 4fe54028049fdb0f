/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int nothing(int x) { return -38; }
int something(int x) { return outside(x) + 1; }
#ifdef PATCHED
int sys_thing(int x) __attribute__((__weak__, __alias__("something")));
#else
int sys_thing(int x) __attribute__((__weak__, __alias__("nothing")));
#endif
