/* SPDX-License-Identifier: GPL-2.0-or-later */
struct reg_default { unsigned reg, def; };
struct regmap_config { const char *name; int reg_bits, stride, val_bits; int (*rd)(int); int (*wr)(int); int (*vol)(int);
 const struct reg_default *defaults; unsigned num; unsigned long flags[40]; };
static const struct reg_default defs[] = { { 0x10, 0x81 }, { 0x11, 0x02 } };
extern int is_rd(int), is_wr(int);
extern void *regmap_init(void *, const struct regmap_config *);
void *probe(void *dev, int bits)
{
	struct regmap_config cfg = { .name = "codec", .reg_bits = 8, .stride = 1, .val_bits = 8, .rd = is_rd, .wr = is_wr, .vol = is_rd,
		.defaults = defs, .num = 2, .flags = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40 } };
	cfg.val_bits = bits;
	return regmap_init(dev, &cfg);
}
