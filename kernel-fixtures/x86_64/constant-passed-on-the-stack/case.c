#include "fixture.h"

struct operations { int first, second; };
void many(int, int, int, int, int, int, int, const struct operations *);
void more(int, int, int, int, int, int, const struct operations *, int, int);

#ifdef PATCHED
static const struct operations fast = { 1, 3 };
#else
static const struct operations fast = { 1, 2 };
#endif

int install(int value)
{
	many(1, 2, 3, 4, 5, 6, 7, &fast);
	return value;
}

int install_more(int value)
{
	more(1, 2, 3, 4, 5, 6, &fast, 8, 9);
	return value;
}
