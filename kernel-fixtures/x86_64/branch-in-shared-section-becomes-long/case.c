/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

static noinline int __section(".cpuidle.text") slow(int n) { consume(&n); return outside(n) + 1; }
int __section(".cpuidle.text") first(int n)
{
#ifdef PATCHED
	if (n > 90) { consume("one"); consume("two"); consume("three"); consume("four"); consume("five"); consume("six"); consume("seven"); consume("eight"); return outside(n) + elsewhere(n); }
#endif
	return n + 1;
}
int __section(".cpuidle.text") second(int n) { return slow(n + 1); }
int __section(".cpuidle.text") third(int n) { return n > 7 ? slow(n + 2) : n; }
