#include "fixture.h"

struct operations { int first, second; };
struct choice { int number; const struct operations *operations; };

#ifdef PATCHED
static const struct operations fast = { 1, 3 };
#else
static const struct operations fast = { 1, 2 };
#endif

struct choice pick(int number)
{
	struct choice choice = { number, &fast };

	return choice;
}

/* Here the address is only left over in that register. */
int total(int number)
{
	return number + fast.second;
}
