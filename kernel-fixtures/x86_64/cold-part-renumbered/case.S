/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define COLD work.cold.17
#else
#define COLD work.cold.3
#endif
	.section .text.work, "ax"
	.globl	work
	.type	work, @function
work:
1:	call	__fentry__
	testl	%edi, %edi
	je	COLD
	jmp	outside
	.size	work, . - work
	.section .text.unlikely.work, "ax"
	.type	COLD, @function
COLD:
	call	elsewhere
	jmp	outside
	.size	COLD, . - COLD
	.section __mcount_loc, "a"
	.quad	1b
