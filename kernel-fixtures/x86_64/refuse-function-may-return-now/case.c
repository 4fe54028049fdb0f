#include "fixture.h"

#ifdef PATCHED
void fatal(int value)
{
	if (value == 3)
		return;
	for (;;)
		outside(value);
}
#else
__attribute__((__noreturn__)) void fatal(int value)
{
	for (;;)
		outside(value);
}
#endif
