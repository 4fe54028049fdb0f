#include "fixture.h"

#ifdef PATCHED
__attribute__((__noreturn__))
#endif
void fatal(int value)
{
#ifndef PATCHED
	if (value == 3)
		return;
#endif
	for (;;)
		outside(value);
}
