/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

struct net { const char *algorithm; };
void choose(struct net *net, int x)
{
#ifdef PATCHED
	outside(x + 1);
#endif
	net->algorithm = x ? "md5" : "sha1";
	outside(x);
}
