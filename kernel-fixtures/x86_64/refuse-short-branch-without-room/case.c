/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY "2"
#else
#define BY "1"
#endif
__asm__(".pushsection .text.shared, \"ax\"\n"
	"\t.globl many\n\t.type many, @function\n"
	"many:\n\tcall __fentry__\n\tcmp $" BY ", %edi\n"
	".set i, 0\n.rept 60\n\tjz 1000f + i\n\t.set i, i + 1\n.endr\n\tret\n\t.size many, . - many\n"
	"1000:\n"
	".altmacro\n.macro one n\n\t.type tiny_\\n, @function\ntiny_\\n:\tret\n\t.size tiny_\\n, 1\n.endm\n"
	".set j, 0\n.rept 60\n\tone %j\n\t.set j, j + 1\n.endr\n"
	".popsection");
int work(int x) { return outside(x); }
