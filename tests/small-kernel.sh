#!/usr/bin/env bash
# Builds a small x86-64 kernel outside its source tree, as a maintainer does, and prints its release. With one core it
# takes some minutes the first time; a directory that already holds this very kernel is left as it is.
#
#   tests/small-kernel.sh DIRECTORY [MAKE-ARGUMENT...]
#
#   DIRECTORY/source  the kernel source: unpacked from /usr/src/linux-source-6.1.tar.xz, or a link the caller made to
#                     a source unpacked before (it is not written to)
#   DIRECTORY/build   the build directory (O=) with .config, vmlinux, Module.symvers and the modules
#
# The make arguments go into every call of make: CC=gcc-11, LLVM=1, LOCALVERSION=-two. The default is CC=gcc-12.
set -euo pipefail

if [ $# -eq 0 ]; then
    sed -n '2,/^set -/s/^# \{0,1\}//p' "$0" | sed '$d'
    exit 1
fi

mkdir -p "$1"
directory=$(cd "$1" && pwd)
shift
arguments=("$@")
[ $# -gt 0 ] || arguments=(CC=gcc-12)
build=$directory/build
tarball=/usr/src/linux-source-6.1.tar.xz

# What livepatching needs, what 'klp-build verify' needs in its guest, an owner or two of module code, and little else.
config() {
    sed 's/ *#.*//; /^$/d; s/^\([A-Z0-9_]*\)$/\1=y/; s/^/CONFIG_/' <<END
64BIT
SMP
LOCALVERSION="-small"
MODULES
MODULE_UNLOAD
LIVEPATCH
FTRACE
FUNCTION_TRACER
DYNAMIC_FTRACE
KALLSYMS
KALLSYMS_ALL
UNWINDER_ORC
PRINTK
EXPERT
HYPERVISOR_GUEST
PARAVIRT
CPU_MITIGATIONS
RETPOLINE
JUMP_LABEL
HIGH_RES_TIMERS
NO_HZ_IDLE
ACPI              # to power off
PCI
TTY
SERIAL_8250
SERIAL_8250_CONSOLE
BLK_DEV_INITRD
RD_GZIP
BINFMT_ELF
BINFMT_SCRIPT
PROC_FS
PROC_SYSCTL
SYSFS
DEVTMPFS
TMPFS
SHMEM
FUTEX
EPOLL
POSIX_TIMERS
MULTIUSER
BUG
DEBUG_FS
BLOCK
BLK_DEV
BLK_DEV_LOOP=m
EXT2_FS=m         # a composite module of several objects
BINFMT_MISC=m     # a module of one object
VT=n
END
}

# The same request, and nothing interrupted: nothing to do.
request=$({ cat "$0" && printf '%s\n' "${arguments[@]}" && cksum "$tarball"; } | sha256sum)
if [ "$(cat "$build/.small-kernel" 2>/dev/null)" != "$request" ]; then
    if [ ! -e "$directory/source/Kbuild" ]; then
        [ -e "$tarball" ] || { echo "$0: $tarball is missing: install linux-source-6.1" >&2; exit 1; }
        rm -rf "$directory/source.part" "$directory/source"
        mkdir "$directory/source.part"
        # A sixth of the source is register lists of one driver, and documentation: neither is needed.
        tar -xJf "$tarball" -C "$directory/source.part" --strip-components=1 \
            --exclude='*/drivers/gpu/drm/amd/include/asic_reg/*' --exclude='*/Documentation/*/*'
        mv "$directory/source.part" "$directory/source"
    fi
    rm -rf "$build"
    mkdir "$build"
    make=(make -C "$directory/source" "O=$build" "${arguments[@]}" KBUILD_BUILD_USER=small KBUILD_BUILD_HOST=kernel)
    {
        config >"$build/small.config"
        "${make[@]}" "KCONFIG_ALLCONFIG=$build/small.config" allnoconfig
        # An option whose dependency is missing vanishes without a word; a livepatch kernel without livepatches is no use.
        while IFS= read -r line; do
            [ "${line##*=}" = n ] || grep -qxF "$line" "$build/.config" || { echo "$0: not set: $line" && exit 1; }
        done <"$build/small.config"
        "${make[@]}" -j"$(nproc)" vmlinux bzImage modules
    } >&2
    printf '%s\n' "$request" >"$build/.small-kernel"
fi
cat "$build/include/config/kernel.release"
