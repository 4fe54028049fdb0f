/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.section .text.work, "ax"
	.globl	__pfx_work
	.type	__pfx_work, @function
__pfx_work:
	.fill	16, 1, 0x90
	.size	__pfx_work, . - __pfx_work
	.globl	work
	.type	work, @function
work:
	endbr64
1:	.byte	0x0f, 0x1f, 0x44, 0x00, 0x00
	.reloc	1b + 1, R_X86_64_NONE, __fentry__ - 4
	call	outside
	addl	$BY, %eax
	ret
	.size	work, . - work
	.section __mcount_loc, "a"
	.quad	1b
