/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#ifdef PATCHED
#define BY 2
#else
#define BY 1
#endif

int first(int x) { SITE(".retpoline_sites"); SITE(".return_sites"); SITE(".ibt_endbr_seal"); SITE(".call_sites"); return outside(x); }
int work(int x) { SITE(".retpoline_sites"); SITE(".return_sites"); SITE(".return_sites"); SITE(".call_sites"); SITE(".cfi_sites"); SITE(".kcfi_traps"); return outside(x) + BY; }
int last(int x) { SITE(".kcfi_traps"); SITE(".cfi_sites"); SITE(".return_sites"); return elsewhere(x); }
