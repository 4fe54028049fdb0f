/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int wait_ready(void *device, const char *who, int tries);
struct added_line;
int work(void *device)
{
	return wait_ready(device, __func__, 256);
}
int other(void *device) { return wait_ready(device, "x", 7); }
