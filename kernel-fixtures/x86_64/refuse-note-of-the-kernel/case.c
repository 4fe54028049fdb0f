/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define VERSION 2
#else
#define VERSION 1
#endif

/* An ELF note of the kernel's image, as the Xen hypervisor reads them: no rule is about notes, and no code changes. */
struct note { int name, size, type; char owner[4]; int value; };
static const struct note note __attribute__((used, section(".note.fixture"))) = { 4, 4, 1, "Fix", VERSION };

int work(int x) { return outside(x); }
