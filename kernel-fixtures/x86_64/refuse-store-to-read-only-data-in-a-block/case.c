#include "fixture.h"

struct state { long values[40]; };
__ro_after_init struct state copied, filled;
extern struct state other;

long value_of(int index)
{
#ifdef PATCHED
	if (index == 41)
		copied = other;
	if (index == 42)
		__builtin_memset(&filled, outside(1), sizeof(filled));
#endif
	return copied.values[index] + filled.values[index];
}
