/* SPDX-License-Identifier: GPL-2.0-or-later */
	.text
	.globl	outside
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.section .text.work, "ax"
	.globl	work
	.type	work, @function
work:
1:	.byte	0x0f, 0x1f, 0x44, 0x00, 0x00
	.reloc	1b + 1, R_X86_64_NONE, __fentry__ - 4
	call	outside
	addl	$BY, %eax
	ret
	.size	work, . - work
	.section __mcount_loc, "a"
	.quad	1b
