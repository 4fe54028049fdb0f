/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

void *kmalloc_like(unsigned long size);
#ifdef PATCHED
int work(int x) { consume(kmalloc_like(64)); return outside(x); }
#else
int work(int x) { return outside(x); }
#endif
