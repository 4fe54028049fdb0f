/* SPDX-License-Identifier: GPL-2.0-or-later */
extern void tell(void *, int);
static void quirk_a(void *d) { tell(d, 7); }
static void *__attribute__((used, section(".discard.addressable"))) keep_quirk_a = (void *)quirk_a;
asm(".section .pci_fixup_final, \"a\"\n.balign 16\n.short 0x1022, 7\n.long 0, 0\n.long quirk_a - .\n.previous");
static void quirk_b(void *d) { tell(d, 9); }
static void *__attribute__((used, section(".discard.addressable"))) keep_quirk_b = (void *)quirk_b;
asm(".section .pci_fixup_final, \"a\"\n.balign 16\n.short 0x1022, 9\n.long 0, 0\n.long quirk_b - .\n.previous");
