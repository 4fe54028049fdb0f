#include "fixture.h"

struct operations { int first, second; };
struct device { const struct operations *operations; long values[40]; };
extern struct device target;

#ifdef PATCHED
static const struct operations fast = { 1, 3 };
#else
static const struct operations fast = { 1, 2 };
#endif

void install(int value)
{
	struct device device = { .operations = &fast };

	device.values[39] = value;
	target = device;
}
