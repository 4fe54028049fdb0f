#include "fixture.h"

#ifdef PATCHED
static const char *const names[] = { "idle", "ready", "gone" };
#else
static const char *const names[] = { "idle", "busy", "gone" };
#endif

/* The table is read in place, but what it holds is handed on. */
const char *name_of(int value)
{
	return value < 3 ? names[value] : NULL;
}

const char *word_for(int value)
{
#ifdef PATCHED
	if (value == 4)
		return "four";
#endif
	return value ? "one" : "zero";
}

/* Nobody but this patch's own functions gets the result of this one. */
static noinline const char *own(int value)
{
#ifdef PATCHED
	return value ? "patched" : "none";
#else
	return value ? "original" : "none";
#endif
}

void tell(int value)
{
	report(own(value));
}
