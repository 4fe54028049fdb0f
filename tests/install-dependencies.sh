#!/usr/bin/env bash
# Installs the Debian packages this project uses: the one place that lists them.
#
#   tests/install-dependencies.sh [--check] SET...
#
# Sets:
#   build   to compile livepatches and the tool itself
#   kernel  a Debian kernel with its headers and source, all of one version
#   kernel-6.12, kernel-cloud, kernel-rt
#           the same of another series, and other flavours of the same series
#   boot    to boot that kernel for verification
#   test    what only the tests need
#   chroot  to make a tree of another Debian release with its kernel (tests/release-chroot.sh)
#
# The set kernel is the stock one of the Debian release this runs in; kernel-6.12 and so on are of Debian 12.
#
# With --check nothing is installed; the missing packages are printed and the exit code is 1 when there are any.
# Installing needs root, or sudo; nothing is installed, and nothing fetched, when nothing is missing.
set -euo pipefail

# The series of the stock kernel and its compiler; the headers package of a later release depends on the compiler.
compiler=()
case $(cat /etc/debian_version 2>/dev/null) in
12*) series=6.1 compiler=(gcc-12) ;;
13*) series=6.12 ;;
*) series=$(apt-cache depends linux-source 2>/dev/null | sed -n 's/.*linux-source-//p' || true) ;;
esac

packages_build=(gcc "${compiler[@]}" make binutils patch xz-utils kmod bc flex bison libelf-dev libssl-dev libc6-dev)
packages_kernel=(linux-image-amd64 linux-headers-amd64 "linux-source${series:+-$series}")
packages_kernel_612=(linux-image-6.12-amd64 linux-headers-6.12-amd64 linux-source-6.12)
packages_kernel_cloud=(linux-image-cloud-amd64 linux-headers-cloud-amd64 linux-source-6.1)
packages_kernel_rt=(linux-image-rt-amd64 linux-headers-rt-amd64 linux-source-6.1)
packages_boot=(qemu-system-x86 busybox-static)
packages_test=(clang lld llvm zstd gzip lzop ccache distcc)
packages_chroot=(mmdebstrap)

check_only=
if [ "${1-}" = --check ]; then
    check_only=yes
    shift
fi
if [ $# -eq 0 ]; then
    sed -n '2,/^set -/s/^# \{0,1\}//p' "$0"
    exit 1
fi

wanted=()
for set_name in "$@"; do
    case $set_name in
    build) wanted+=("${packages_build[@]}") ;;
    kernel) wanted+=("${packages_kernel[@]}") ;;
    kernel-6.12) wanted+=("${packages_kernel_612[@]}") ;;
    kernel-cloud) wanted+=("${packages_kernel_cloud[@]}") ;;
    kernel-rt) wanted+=("${packages_kernel_rt[@]}") ;;
    boot) wanted+=("${packages_boot[@]}") ;;
    test) wanted+=("${packages_test[@]}") ;;
    chroot) wanted+=("${packages_chroot[@]}") ;;
    *)
        echo "$0: no such set of packages: $set_name" >&2
        exit 1
        ;;
    esac
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "$0: this is not a Debian system; it needs what these packages hold: ${wanted[*]}" >&2
    exit 1
fi

# A kernel that is installed with its headers and the source of the very same version is as good as the newest one.
#   has_complete_kernel SERIES [FLAVOUR]
has_complete_kernel() {
    local image release version
    for image in /boot/vmlinuz-*; do
        release=${image#/boot/vmlinuz-}
        [[ $release =~ ^${1//./\\.}\.[^-]*(-[0-9]+)?${2:+-$2}-amd64$ ]] || continue
        version=$(dpkg-query -W -f '${Version}' "linux-image-$release" 2>/dev/null) || continue
        if [ "$(dpkg-query -W -f '${Version}' "linux-headers-$release" 2>/dev/null)" = "$version" ] &&
            [ "$(dpkg-query -W -f '${Version}' "linux-source-$1" 2>/dev/null)" = "$version" ]; then
            return 0
        fi
    done
    return 1
}

missing=()
for package in "${wanted[@]}"; do
    case $package in
    linux-*-6.12*) has_complete_kernel 6.12 && continue ;;
    linux-*-cloud-*) has_complete_kernel 6.1 cloud && continue ;;
    linux-*-rt-*) has_complete_kernel 6.1 rt && continue ;;
    linux-*) [ -n "$series" ] && has_complete_kernel "$series" && continue ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue ;;
    esac
    missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if [ -n "$check_only" ]; then
    printf '%s\n' "${missing[@]}"
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "$0: run this as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "Installing with apt-get: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"
