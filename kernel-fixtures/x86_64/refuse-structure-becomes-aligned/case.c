/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct message { char kind; int value;
#ifdef PATCHED
} __aligned(64);
#else
};
#endif
int work(struct message *m, int i) { return outside(m[i].value); }
