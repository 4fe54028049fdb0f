# SPDX-License-Identifier: GPL-2.0-or-later
# Used in the place of scripts/Makefile.build. It includes that file, so that the kernel's own makefiles decide what is built
# and how, and then makes every command write itself down where it would run.
#
#   KLP_OUT   directory that gets two files per directory: NAME.directory and, where files are generated, NAME.generated
#   KLP_ONLY  the directories wanted, with those on the way to them; empty for all
#
# Lines of the output: D directory, entered for (b)uiltin and (m)odules; Y objects of built-in.a; M module.o, its parts, with
# 'c' before them when it is composite; L objects of lib.a; S directories entered; X extra-y; A always-y; N what "obj-" names,
# which is configured out; O object, kind of command, source, command. A line of what is generated: file, kind of command, what it is made
# from, and the command, with a tab between them and the sign 001 for a line end in the command.

klp-makefile := $(lastword $(MAKEFILE_LIST))
PHONY := klp-objects
klp-objects:

ifeq ($(obj),)

klp-roots := $(foreach d,$(KLP_ROOTS),$(if $(filter ., $d)$(if $(KLP_ONLY),,y)$(filter $d $d/%,$(KLP_ONLY)),$d))
PHONY += $(klp-roots)
$(klp-roots):
	$(MAKE) -f $(klp-makefile) obj=$@ need-builtin=1 need-modorder=1
klp-objects: $(klp-roots)
.PHONY: $(PHONY)

else

include $(srctree)/scripts/Makefile.build

define klp-newline


endef
klp-out := $(KLP_OUT)/$(subst /,+,$(obj)).directory
klp-record = $(if $(filter %.o,$@),$(file >>$(klp-out),O $@ $1 $(or $<,-) $(subst $(klp-newline), ,$(cmd_$1))))

# Files that are neither objects nor lists for the linker. Objects count where programs are made of them that run on this machine.
klp-tab := $(subst x,,x	x)
klp-is-generated = $(or $(filter host-%,$1),$(if $(filter %.o %.a %.mod %modules.order %.so %.dbg %.lds,$@),,y))
klp-generated = $(if $(klp-is-generated),$(file >>$(klp-out:.directory=.generated),$@$(klp-tab)$1$(klp-tab)$(filter-out FORCE,$^ $|)$(klp-tab)$(subst $(klp-newline),,$2)))

# Directories are entered with this file, and nothing is run.
build := -f $(klp-makefile) obj
cmd = $(call klp-generated,$1,$(cmd_$1))
filechk = $(call klp-generated,$1,{ $(filechk_$1); } > $@)
if_changed = $(klp-record)$(cmd)
if_changed_dep = $(klp-record)$(cmd)
if_changed_rule = $(klp-record)$(cmd)

# Programs that the kernel's build makes for itself count as made.
$(if $(filter-out .,$(objtree)),$(objtree)/)scripts/% ./scripts/% ./tools/%: ;

subdir-ym := $(subdir-ym)
ifneq ($(KLP_ONLY),)
klp-subdirs := $(foreach d,$(subdir-ym),$(if $(filter $d $d/%,$(KLP_ONLY)),$d))
else
klp-subdirs := $(subdir-ym)
endif

klp-parts = $(foreach s,$2,$($(patsubst $(obj)/%.o,%$s,$1)))
# A makefile that asks for a certain file of another directory (boot code) is no descent.
ifeq ($(MAKECMDGOALS),)
$(file >$(klp-out),D $(obj) $(if $(need-builtin),b)$(if $(need-modorder),m))
$(file >>$(klp-out),Y $(filter %.o,$(real-obj-y)))
$(foreach m,$(filter %.o,$(obj-m)),$(file >>$(klp-out),M $m $(if $(strip $(call klp-parts,$m,-objs -y -m -)),c) $(addprefix $(obj)/,$(call klp-parts,$m,-objs -y -m))))
$(file >>$(klp-out),L $(filter %.o,$(lib-y)))
$(file >>$(klp-out),S $(subdir-ym))
$(file >>$(klp-out),X $(filter %.o,$(extra-y)))
$(file >>$(klp-out),A $(filter %.o,$(always-y)))
$(file >>$(klp-out),N $(addprefix $(obj)/,$(obj-)))
else
klp-record =
endif

# Some headers are generated without any object saying that it needs them.
klp-objects: $(filter-out %.o %.a %.mod %.usyms %modules.order,$(targets))
klp-objects: $(filter %.o,$(real-obj-y) $(real-obj-m) $(lib-y) $(extra-y) $(always-y)) $(klp-subdirs)

endif
