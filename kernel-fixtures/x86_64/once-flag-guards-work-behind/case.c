#include "fixture.h"

static int state;
static int ready;

int state_of(void)
{
	return state + ready;
}

/* The message comes first, and the work that is done once behind it. */
int begin(int value)
{
	static bool __section(ONCE_SECTION) __already_done;

	if (__already_done)
		return 0;
	__already_done = true;
	_printk("begins\n");
#ifdef PATCHED
	outside(value);
#endif
	state = value;
	return 0;
}

/* The work comes before the flag is set. */
void prepare(int value)
{
	static bool __section(ONCE_SECTION) __already_done;

	if (!__already_done) {
		ready = elsewhere(value);
		__already_done = true;
		_printk("ready\n");
	}
#ifdef PATCHED
	outside(value);
#endif
}

/* The work is what is done from the second time on. */
void again(int value)
{
	static bool __section(ONCE_SECTION) __already_done;

	if (!__already_done) {
		__already_done = true;
		_printk("first\n");
	} else {
		state = elsewhere(value + 1);
	}
#ifdef PATCHED
	outside(value);
#endif
}

/* The caller is told which time it was. */
int is_first(int value)
{
	static bool __section(ONCE_SECTION) __already_done;

#ifdef PATCHED
	outside(value);
#endif
	if (__already_done)
		return 0;
	__already_done = true;
	_printk("first\n");
	return 1;
}

/* A message and nothing else, though more is done behind it in any case. */
int warned(int value)
{
	if (WARN_ONCE(value == 3, "three\n"))
		return -22;
#ifdef PATCHED
	outside(value);
#endif
	state = value;
	return elsewhere(value);
}
