/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

int send(const char *text, int n);
int hello(int n) { return send("cmd\0arg1\0end", 13 + n); }
#ifdef PATCHED
int world(int n) { return send("op\0val8\0fin", 12 + n); }
#else
int world(int n) { return send("op\0val7\0fin", 12 + n); }
#endif
