/* SPDX-License-Identifier: GPL-2.0 */
#ifndef OOT_H
#define OOT_H

struct seq_file;

/* counter.c */
unsigned long oot_counter_next(void);
unsigned long oot_counter_peek(void);

/* report/format.c */
void oot_format(struct seq_file *file, const char *what, unsigned long value);

#endif
