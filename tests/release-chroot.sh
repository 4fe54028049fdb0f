#!/usr/bin/env bash
# Builds and verifies samples in a tree of another Debian release, for its kernel and with its compiler. One line per sample:
# "PASS name", "FAIL name" or "SKIP name: reason"; exit code 1 when one failed.
#
#   tests/release-chroot.sh [OPTION...] trixie|sid [SAMPLE...]      default: all samples
#
#   --directory DIR  where the tree is; default: artifacts/chroots/RELEASE. Takes 3 GB; used again when it is complete
#   --mirror URL     default: http://deb.debian.org/debian
#   --make-only      only makes the tree; exit code 3 when that is not possible here, with the reason
#
# The tree is made with mmdebstrap and used with chroot, both in a mount namespace of their own: packages and mounts of that
# release touch nothing outside of the tree. That needs root, or sudo without a password. klp-build is the executable published here,
# with what lies beside it: it needs nothing but a C library that is not older.
#
# What this machine lacks is a reason to skip, and so is a mirror without that release's packages as they were. Where the variable CI is
# set, everything can be installed and only two reasons are left: no right to mount, and a mirror of sid that has changed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

usage() {
    sed -n '2,/^set -/s/^# \{0,1\}//p' "$0" | sed '$d'
    exit 1
}

directory=
mirror=http://deb.debian.org/debian
make_only=
while [ $# -gt 0 ]; do
    case $1 in
    --directory) directory=${2-} && shift 2 ;;
    --mirror) mirror=${2-} && shift 2 ;;
    --make-only) make_only=yes && shift ;;
    -*) usage ;;
    *) break ;;
    esac
done
suite=${1-}
# The kernel series the samples are known to fit; sid goes on to the next one some day.
case $suite in
trixie) series=6.12 ;;
sid) series=7.2 ;;
*) usage ;;
esac
shift
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for sample in "$root"/samples/*/; do
        names+=("$(basename "$sample")")
    done
fi
tree=$(realpath -m "${directory:-$root/artifacts/chroots/$suite}")

skip() {
    if [ -n "$make_only" ]; then
        echo "$suite: $1" >&2
        exit 3
    fi
    printf "SKIP %s: ${1//%/%%}\n" "${names[@]}"
    exit 0
}

fail() {
    echo "$suite: $1" >&2
    [ -n "$make_only" ] || printf 'FAIL %s\n' "${names[@]}"
    exit 1
}

# What is missing can be had where CI runs.
lack() {
    if [ -n "${CI-}" ]; then
        fail "$1"
    fi
    skip "$1"
}

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    can_install || skip "making and entering a tree of another release needs root, or sudo without a password"
    as_root=(sudo)
fi
mkdir -p "$(dirname "$tree")" 2>/dev/null || fail "$(dirname "$tree") cannot be made"
# Root of a container may be nobody outside of it.
# shellcheck disable=SC2016
"${as_root[@]}" unshare --mount --pid --fork sh -c 'rm -f "$1" && mknod "$1" c 1 3 && rm "$1"' "$0" "$tree.null" 2>/dev/null ||
    skip "this machine (a container?) does not let root mount or make devices"

# Says why mmdebstrap, whose log is $1, made no tree: here, at the mirror, or in what this script asked for.
judge_log() {
    local log=$1 reason
    reason=$(grep -E 'No space left|Hash Sum mismatch|^E: ' "$log" | head -n 1 || true)
    reason="the tree cannot be made from $mirror: ${reason:-$(tail -n 1 "$log")}"
    if grep -qE '  ?(404|410)  |Hash Sum mismatch|has unexpected size' "$log" ||
        grep -qE 'unmet dependencies|Unable to (locate|correct)|no installation candidate' "$log"; then
        [ "$suite" != sid ] || skip "$reason"
        lack "$reason"
    elif grep -qE 'No space left on device|enough free space|Failed to fetch|Could not (resolve|connect)' "$log"; then
        lack "$reason"
    fi
    fail "$reason (the whole log: $log)"
}

# Makes the tree and moves it to its place when it is whole.
make_tree() {
    local part=$tree.part log=$tree.log
    [ -z "$("$root/tests/install-dependencies.sh" --check chroot)" ] ||
        lack "mmdebstrap is missing ('tests/install-dependencies.sh chroot')"
    [ ! -e "$tree" ] || [ -e "$tree/.complete" ] || fail "$tree is there already and was not made by this script"
    "${as_root[@]}" rm -rf --one-file-system "$part" "$tree"
    [ "$(df --output=avail -m "$(dirname "$tree")" | tail -n 1)" -ge 4000 ] || lack "$(dirname "$tree") has less than 4 GB left"
    echo "making $tree; log in $log" >&2
    # A mirror may be a copy from a day whose signed list says that it is out of date by now. The kernel is booted with a file system of
    # our own, so it gets no initrd; some packages' scripts ask for a file system that knows fsync, and this one need not survive anything.
    # What mmdebstrap mounts in the tree is gone with it, however it ends.
    if ! "${as_root[@]}" env TMPDIR="${TMPDIR:-/tmp}" INITRD=No DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        unshare --mount --pid --fork --kill-child --mount-proc mmdebstrap --mode=root --variant=apt \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' --aptopt='APT::Install-Recommends "false"' \
        --aptopt='APT::Sandbox::User "root"' --dpkgopt=force-unsafe-io \
        --customize-hook='mkdir -p "$1/tmp/klp"' --customize-hook="copy-in '$root/tests/install-dependencies.sh' /tmp/klp" \
        --customize-hook='chroot "$1" /tmp/klp/install-dependencies.sh build kernel boot' \
        --customize-hook='chroot "$1" apt-get clean' --customize-hook='rm -r "$1/tmp/klp"' \
        "$suite" "$part" "$mirror" >"$log" 2>&1; then
        "${as_root[@]}" rm -rf --one-file-system "$part"
        judge_log "$log"
    fi
    "${as_root[@]}" mkdir -p "$part/klp-build" "$part/work"
    "${as_root[@]}" chown "$(id -u):$(id -g)" "$part/work"
    "${as_root[@]}" tee "$part/.complete" <<<"$contents" >/dev/null
    "${as_root[@]}" mv "$part" "$tree"
}

# One run at a time makes or uses a tree; another waits. A tree is whole when it says from which list of packages it was made.
exec 9>"$tree.lock"
flock 9
contents=$(sha256sum <"$root/tests/install-dependencies.sh")
[ "$(cat "$tree/.complete" 2>/dev/null)" = "$contents" ] || make_tree
release=$(cd "$tree/lib/modules" && printf '%s\n' * | sort -V | tail -n 1)
echo "kernel $release of $suite"
[ -z "$make_only" ] || exit 0
case $release in
"$series".*) ;;
*) skip "its kernel is $release now, and the samples are known to fit $series" ;;
esac

tool=$(realpath -m "${KLP_BUILD:-$root/artifacts/publish/klp-build}")
if [ -z "${KLP_BUILD-}" ]; then
    require_dotnet
    # What the SDK leaves running must not hold the lock.
    publish_tool "$root/artifacts/publish" 9>&-
fi
results=$root/artifacts/samples/$suite
mkdir -p "$root/artifacts/samples" "$root/artifacts/test-cache" "$results" "$tree/work/cache"

# Everything below is mounted in this process's own namespace and is gone with it.
# shellcheck disable=SC2016
"${as_root[@]}" unshare --mount --pid --fork --kill-child bash -euc '
    tree=$1 root=$2 tool=$3 results=$4 user=$5
    shift 5
    mount -t proc proc "$tree/proc"
    mount --rbind /dev "$tree/dev"
    mount --bind "$root" "$tree/klp-build"
    mount -o remount,bind,ro "$tree/klp-build"
    mount --bind "$results" "$tree/klp-build/artifacts/samples"
    mount --bind "$tree/work/cache" "$tree/klp-build/artifacts/test-cache"
    mount --bind "$(dirname "$tool")" "$tree/opt"
    exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/work LC_ALL=C.UTF-8 "KLP_BUILD=/opt/$(basename "$tool")" \
        chroot --userspec="$user" "$tree" /klp-build/tests/samples.sh "$@"
' "$0" "$tree" "$root" "$tool" "$results" "$(id -u):$(id -g)" -k "$release" "${names[@]}"
