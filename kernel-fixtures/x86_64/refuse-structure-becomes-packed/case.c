/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct message { char kind; int value;
#ifdef PATCHED
} __attribute__((__packed__));
#else
};
#endif
int work(struct message *m) { return outside(m->value) + m->kind; }
