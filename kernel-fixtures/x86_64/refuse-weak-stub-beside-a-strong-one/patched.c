/* SPDX-License-Identifier: GPL-2.0-or-later */
__attribute__((weak)) int foo(void) { return 0; }
int use(int x) { return x ? foo() : 5; }
