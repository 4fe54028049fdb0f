#include "fixture.h"

static int state;

int state_of(void)
{
	return state;
}

void noted(int value)
{
	if (!ratelimited()) {
		_printk("too often\n");
		state = value;
	}
#ifdef PATCHED
	outside(value);
#endif
}
