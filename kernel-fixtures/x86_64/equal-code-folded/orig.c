/* SPDX-License-Identifier: GPL-2.0-or-later */
struct dev { int a, b; void *p; };
extern int hw_read(struct dev *, int);
/* two handlers with identical bodies, both reached through a table only */
static int alpha_state(struct dev *d, int n)
{
	if (!d->p)
		return -5;
	return hw_read(d, n) + hw_read(d, n + 1) * d->a;
}
static int beta_state(struct dev *d, int n)
{
	if (!d->p)
		return -5;
	return hw_read(d, n) + hw_read(d, n + 1) * d->a;
}
struct ops { int (*state)(struct dev *, int); };
const struct ops alpha_ops = { .state = alpha_state };
const struct ops beta_ops = { .state = beta_state };
