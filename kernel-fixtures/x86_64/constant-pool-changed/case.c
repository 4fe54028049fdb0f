/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
double scale(double x) { return x * 1.75; }
#else
double scale(double x) { return x * 1.25; }
#endif
double other(double x) { return x * 3.14159; }
