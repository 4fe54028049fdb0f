# SPDX-License-Identifier: GPL-2.0-or-later
# Read by make before the kernel's top Makefile (through MAKEFILES). Adds a target that makes programs of the kernel's build itself,
# as the top Makefile's target "scripts" would, but only those asked for; and generated files, by the makefile that knows them.
#
#   KLP_PROGRAMS  paths in the tree: scripts/selinux/genheaders/genheaders; or DIRECTORY:PATH: security/selinux:security/selinux/flask.h

PHONY += klp-host-programs
klp-host-programs:
	$(foreach p,$(KLP_PROGRAMS),$(MAKE) $(build)=$(patsubst %/,%,$(if $(findstring :,$p),$(firstword $(subst :, ,$p)),$(dir $p))) $(lastword $(subst :, ,$p)) &&) :
