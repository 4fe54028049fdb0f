/* SPDX-License-Identifier: GPL-2.0-or-later */
	.section .rodata.str1.1, "aMS", @progbits, 1
.LC0:	.string	"noisy\n"
	.section .data._rs.1, "aw"
	.balign	4
	.type	_rs.1, @object
_rs.1:	.long	5000, 10, 0, 0
	.size	_rs.1, . - _rs.1
	.section .rodata.__func__.0, "a"
	.type	__func__.0, @object
__func__.0:
	.string	"noisy"
	.size	__func__.0, . - __func__.0

	.section .text.unlikely.noisy, "ax"
	.type	noisy.cold, @function
noisy.cold:
#ifndef PATCHED
	testl	%ebx, %ebx
	je	1f
	xorl	%ebx, %ebx
1:	movq	$.LC0, %rdi
	call	_printk
#endif
	jmp	.Lback
	.size	noisy.cold, . - noisy.cold

	.section .text.noisy, "ax"
	.globl	noisy
	.type	noisy, @function
noisy:
	call	__fentry__
	pushq	%rbx
	movl	%edi, %ebx
	testl	%ebx, %ebx
	je	2f
#ifndef PATCHED
	movq	$__func__.0, %rsi
	movq	$_rs.1, %rdi
	call	___ratelimit
	testl	%eax, %eax
	jne	2f
#endif
.Lback:
	movl	%ebx, %edi
	popq	%rbx
	jmp	outside
2:	jmp	noisy.cold
	.size	noisy, . - noisy
