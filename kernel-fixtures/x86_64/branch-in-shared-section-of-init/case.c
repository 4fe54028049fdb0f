/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static int __init probe(int n) { consume(&n); return outside(n); }
int __init setup_one(int n) { return probe(n) + probe(n + 1); }
#ifdef PATCHED
static noinline int helper(int n) { return outside(n) + 7; }
#else
static noinline int helper(int n) { return outside(n); }
#endif
int __init setup_two(int n) { return probe(n) + helper(n); }
int work(int n) { return helper(n) + elsewhere(n); }
