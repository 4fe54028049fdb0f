#!/usr/bin/env bash
# Builds every sample for a kernel and verifies it in that kernel, booted. One line per sample: "PASS name", "FAIL name"
# or "SKIP name: reason"; exit code 1 when one failed.
#
#   tests/samples.sh [-k RELEASE | -s TREE] [NAME...]
#
#   -k RELEASE  an installed kernel; default: the newest stock kernel of Debian 12's own series, 6.1
#   -s TREE     a kernel built from source, and not installed: its build directory
#
# The tool is published anew when it is older than its sources; KLP_BUILD=PROGRAM takes another one.
#
# A sample is a directory with one or more *.patch, taken in the order of their names, before.sh and after.sh. It may have
#   SERIES/*.patch the patches for kernels of that series (6.12) and newer ones, where those above do not fit; the rest is the same
#   build-options  more options for the build, words as the shell reads them
#   verify-runs    a line of more options for each verification; without it there is one, without options
#   prepare.sh     run first, in an empty directory, with the kernel's release as argument
# In both option files $sample is the sample's directory and $work the one prepare.sh ran in.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

use_test_cache
release=
tree=
while getopts k:s: option; do
    case $option in
    k) release=$OPTARG ;;
    s) tree=$(cd "$OPTARG" && pwd) ;;
    *) exit 1 ;;
    esac
done
shift $((OPTIND - 1))
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for directory in "$root"/samples/*/; do
        names+=("$(basename "$directory")")
    done
fi

skip_all() {
    for name in "${names[@]}"; do
        echo "SKIP $name: $1"
    done
    exit 0
}

sets=(build boot)
[ -n "$release$tree" ] || sets+=(kernel)
missing=$("$root/tests/install-dependencies.sh" --check "${sets[@]}" | tr '\n' ' ' || true)
[ -z "$missing" ] || skip_all "these packages are missing: $missing"
out=$root/artifacts/samples
if [ -n "$tree" ]; then
    release=$(cat "$tree/include/config/kernel.release")
    kernel=(-s "$tree")
    out=$out/$release
elif [ -n "$release" ]; then
    [ -e "/lib/modules/$release/build/Makefile" ] || skip_all "kernel $release is not installed with its headers"
    kernel=(-k "$release")
    out=$out/$release
else
    release=$(newest_kernel)
    kernel=(-k "$release")
fi
series=$(grep -o '^[0-9]*\.[0-9]*' <<<"$release")
if [ -z "${KLP_BUILD-}" ]; then
    require_dotnet
    publish_tool "$root/artifacts/publish"
fi
tool=${KLP_BUILD:-$root/artifacts/publish/klp-build}

corpus=$root/tests/LivePatch.Corpus/bin/Release/net10.0/LivePatch.Corpus

mkdir -p "$out"
status=0

# Builds the sample $1 and verifies it in every way it asks for.
run_sample() {
    local sample=$root/samples/$1 module=$out/livepatch-$1.ko work=$out/$1.work options run patches fitting
    rm -rf "$module" "$work"
    mkdir -p "$work"
    if [ -e "$sample/prepare.sh" ]; then
        (cd "$work" && bash "$sample/prepare.sh" "$release") || return 1
    fi
    patches=("$sample"/*.patch)
    for fitting in $(cd "$sample" && printf '%s\n' [0-9]*.[0-9]* | sort -V); do
        [ ! -d "$sample/$fitting" ] || ! printf '%s\n' "$fitting" "$series" | sort -C -V || patches=("$sample/$fitting"/*.patch)
    done
    eval "options=($(cat "$sample/build-options" 2>/dev/null || true))"
    "$tool" "${kernel[@]}" "${patches[@]}" -o "$module" "${options[@]}" || return 1
    # The module as a library reads it that shares nothing with what wrote it. Built with the other tests.
    [ ! -x "$corpus" ] || ! command -v dotnet >/dev/null || "$corpus" --second-reader "$module" || return 1
    while IFS= read -r run; do
        eval "options=($run)"
        # The guest's console is not this loop's input.
        "$tool" verify "$module" "${kernel[@]}" --before "$sample/before.sh" --after "$sample/after.sh" "${options[@]}" </dev/null || return 1
    done < <(grep . "$sample/verify-runs" 2>/dev/null || echo)
}

for name in "${names[@]}"; do
    if run_sample "$name"; then
        echo "PASS $name"
    else
        echo "FAIL $name"
        status=1
    fi
done
exit $status
