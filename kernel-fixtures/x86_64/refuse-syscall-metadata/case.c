/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct syscall_metadata { const char *name; int number; };
int other(int x) { return outside(x); }
#ifdef PATCHED
static struct syscall_metadata __syscall_meta__work = { "sys_work", -1 };
static struct syscall_metadata __used __section("__syscalls_metadata") *__p_syscall_meta__work = &__syscall_meta__work;
#endif
