#include "fixture.h"

#ifdef PATCHED
__asm__(".globl fixture_limit\nfixture_limit = 0x2000");
__asm__(".globl fixture_new\nfixture_new = 1");
#else
__asm__(".globl fixture_limit\nfixture_limit = 0x1000");
__asm__(".globl fixture_gone\nfixture_gone = 1");
#endif
__asm__(".globl fixture_same\nfixture_same = 7");

int work(int value)
{
	return outside(value);
}
