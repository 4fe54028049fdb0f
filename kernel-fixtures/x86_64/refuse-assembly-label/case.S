/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif
	.text
	.globl	work
work:
	addl	$BY, %edi
	jmp	outside
