# Lists what a directory of a configured kernel tree builds, in the kernel's own words: its makefile is read by make with
# scripts/Makefile.lib, which knows composite objects and built-in against modular ones (Linux 5.10 to 6.12).
#
#   make -s -C TREE -f .../list-objects.mk obj=fs/ext4
#
# prints "object fs/ext4/super.o" and "directory fs/ext4/sub" lines.
srctree := .
objtree := .
src := $(obj)
SRCARCH := x86
ARCH := x86
BITS := 64
KBUILD_MODULES := 1
KBUILD_BUILTIN := 1
export srctree objtree src SRCARCH ARCH BITS

include include/config/auto.conf
include scripts/Kbuild.include

obj-y :=
obj-m :=
lib-y :=
lib-m :=

# The first target must be ours whatever rules the makefiles bring.
list:

include $(firstword $(wildcard $(obj)/Kbuild $(obj)/Makefile))
include scripts/Makefile.lib

.PHONY: list
list:
	@:

$(foreach object,$(real-obj-y) $(real-obj-m) $(lib-y),$(info object $(object)))
$(foreach directory,$(subdir-ym),$(info directory $(directory)))
