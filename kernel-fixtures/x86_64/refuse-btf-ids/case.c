/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

extern const u32 work_ids[];
#ifdef PATCHED
__asm__(".pushsection .BTF_ids,\"a\"\n.local work_ids\n.type work_ids, @object\nwork_ids:\n"
	".local __BTF_ID__struct__thing__1\n.type __BTF_ID__struct__thing__1, @object\n.size __BTF_ID__struct__thing__1, 4\n"
	"__BTF_ID__struct__thing__1:\n\t.zero 4\n.popsection");
int work(int x) { return outside(x) + work_ids[0]; }
#else
int work(int x) { return outside(x); }
#endif
