# SPDX-License-Identifier: GPL-2.0-or-later
# Read by make before the kernel's top Makefile (through MAKEFILES). Adds a target that makes programs of the kernel's build itself,
# as the top Makefile's target "scripts" would, but only those asked for.
#
#   KLP_PROGRAMS  paths in the tree: scripts/selinux/genheaders/genheaders

PHONY += klp-host-programs
klp-host-programs:
	$(foreach p,$(KLP_PROGRAMS),$(MAKE) $(build)=$(patsubst %/,%,$(dir $p)) $p &&) :
