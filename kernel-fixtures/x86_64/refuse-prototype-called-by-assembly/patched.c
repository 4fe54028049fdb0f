/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static __used noinline int set(int chan, int flags) { outside(chan + flags); return 3; }
__asm__(".pushsection .text.thunk, \"ax\"; .globl thunk; .type thunk, @function; thunk: call __fentry__; push %rdi; call set; pop %rdi; ret; .size thunk, . - thunk; .popsection");
