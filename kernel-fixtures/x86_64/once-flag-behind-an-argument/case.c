/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

char *strchr(const char *text, int c);
struct device { char name[16]; int state; };
static inline __attribute__((always_inline)) const char *name_of(const struct device *device)
{
	return !device->name[0] || strchr(device->name, '%') ? "(unnamed)" : device->name;
}

int work(struct device *device, int x)
{
#ifndef PATCHED
	WARN_ONCE(x > 10, "%s: %d\n", name_of(device), x);
	WARN_ONCE(x < -10, "%s: too low: %d\n", name_of(device), x);
#endif
	return outside(x);
}
