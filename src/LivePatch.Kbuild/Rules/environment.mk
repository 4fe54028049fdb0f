# SPDX-License-Identifier: GPL-2.0-or-later
# Read by make before the kernel's top Makefile (through MAKEFILES). Adds a target that writes down what the top Makefile
# hands to the makefiles of directories: the exported variables, which directories it enters, and what else it links.

PHONY += klp-environment
klp-environment:
	$(file >$(KLP_OUT)/roots,$(build-dirs) $(build-dir))
	$(file >$(KLP_OUT)/head,$(head-y))
	$(file >$(KLP_OUT)/libraries,$(libs-y))
	@env -0 >$(KLP_OUT)/environment
