/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.section .text.merged, "axG", @progbits, merged, comdat
	.weak	merged
	.type	merged, @function
merged:
1:	call	__fentry__
	call	outside
	addl	$BY, %eax
	ret
	.size	merged, . - merged
	.section __mcount_loc, "a"
	.quad	1b
