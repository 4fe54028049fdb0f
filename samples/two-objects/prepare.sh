#!/bin/sh
# A 32-bit program that writes to address 0.
set -e
printf '.globl _start\n_start: xorl %%eax, %%eax\n\tmovl %%eax, (%%eax)\n' >prog32.s
as --32 -o prog32.o prog32.s
ld -m elf_i386 -o prog32 prog32.o
