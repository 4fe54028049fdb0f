/* SPDX-License-Identifier: GPL-2.0-or-later */
struct vcpu { int code; };
extern int h_a(struct vcpu *), h_b(struct vcpu *), h_ac(struct vcpu *), bad(struct vcpu *);
static int (*const handlers[8])(struct vcpu *) = { [0] = h_a, [1] = h_b, [5] = h_ac };
int dispatch(struct vcpu *v)
{
	unsigned c = v->code;
	if (c >= 8 || !handlers[c]) return bad(v);
	return handlers[c](v);
}
