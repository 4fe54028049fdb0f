#!/usr/bin/env bash
# Builds every sample for the newest installed kernel and verifies it in that kernel. One line per sample:
# "PASS name", "FAIL name" or "SKIP name: reason"; exit code 1 when one failed.
#
#   tests/samples.sh [NAME...]
#
# A sample is a directory with one or more *.patch, taken in the order of their names, before.sh and after.sh. It may have
#   build-options  more options for the build, words as the shell reads them
#   verify-runs    a line of more options for each verification; without it there is one, without options
#   prepare.sh     run first, in an empty directory, with the kernel's release as argument
# In both option files $sample is the sample's directory and $work the one prepare.sh ran in.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

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

missing=$("$root/tests/install-dependencies.sh" --check build kernel boot | tr '\n' ' ' || true)
[ -z "$missing" ] || skip_all "these packages are missing: $missing"
release=$(newest_kernel)
require_dotnet
publish_tool "$root/artifacts/publish"
tool=$root/artifacts/publish/klp-build

out=$root/artifacts/samples
mkdir -p "$out"
status=0

# Builds the sample $1 and verifies it in every way it asks for.
run_sample() {
    local sample=$root/samples/$1 module=$out/livepatch-$1.ko work=$out/$1.work options run
    rm -rf "$module" "$work"
    mkdir -p "$work"
    if [ -e "$sample/prepare.sh" ]; then
        (cd "$work" && bash "$sample/prepare.sh" "$release") || return 1
    fi
    eval "options=($(cat "$sample/build-options" 2>/dev/null || true))"
    "$tool" -k "$release" "$sample"/*.patch -o "$module" "${options[@]}" || return 1
    while IFS= read -r run; do
        eval "options=($run)"
        # The guest's console is not this loop's input.
        "$tool" verify "$module" -k "$release" --before "$sample/before.sh" --after "$sample/after.sh" "${options[@]}" </dev/null || return 1
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
