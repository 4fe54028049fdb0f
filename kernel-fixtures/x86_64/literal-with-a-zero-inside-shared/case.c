/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define TEXT "cmd\0arg2"
#else
#define TEXT "cmd\0arg1"
#endif
int send(const char *text, int n);
int whole(int n) { return send(TEXT, 9 + n); }
int tail(int n) { return send((TEXT) + 4, 5 + n); }
