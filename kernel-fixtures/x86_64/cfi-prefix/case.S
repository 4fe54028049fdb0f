/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.macro	function name by
	.section .text.\name, "ax"
	.globl	__cfi_\name
	.type	__cfi_\name, @function
__cfi_\name:
	.fill	11, 1, 0x90
	movl	$0x12345678, %eax
	.size	__cfi_\name, . - __cfi_\name
	.globl	\name
	.type	\name, @function
\name:
1:	call	__fentry__
	movl	$-0x12345678, %r10d
	addl	-4(%rdi), %r10d
	je	2f
3:	ud2
2:	call	*%rdi
	addl	$\by, %eax
	ret
	.size	\name, . - \name
	.section __mcount_loc, "a"
	.quad	1b
	.section .kcfi_traps, "ao", @progbits, .text.\name
	.long	3b - .
	.endm
	.weak	__kcfi_typeid_outside
	.set	__kcfi_typeid_outside, 0x12345678
	function first 5
	function work BY
