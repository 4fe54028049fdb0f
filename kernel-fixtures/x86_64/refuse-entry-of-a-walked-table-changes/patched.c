/* SPDX-License-Identifier: GPL-2.0-or-later */
struct fix { int vendor; int dev; const char *n; };
static const struct fix __fix_a __attribute__((used, section("__fix_table"))) = { 1, 3, "x" };
int foo(int x) { return x + 1; }
