/* SPDX-License-Identifier: GPL-2.0-or-later */
int foo(void);
int use(int x) { return x ? foo() : 5; }
