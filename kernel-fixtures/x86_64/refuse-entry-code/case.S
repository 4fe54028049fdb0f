/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.section .entry.text, "ax"
	.globl	work
	.type	work, @function
work:
	addl	$BY, %edi
	jmp	outside
	.size	work, . - work
