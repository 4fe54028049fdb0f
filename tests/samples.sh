#!/usr/bin/env bash
# Builds every sample for the newest installed kernel and verifies it in that kernel. One line per sample:
# "PASS name", "FAIL name" or "SKIP name: reason"; exit code 1 when one failed.
#
#   tests/samples.sh [NAME...]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for patch in "$root"/samples/*/*.patch; do
        names+=("$(basename "$(dirname "$patch")")")
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
for name in "${names[@]}"; do
    sample=$root/samples/$name
    module=$out/livepatch-$name.ko
    rm -f "$module"
    if "$tool" -k "$release" "$sample/$name.patch" -o "$out" &&
        "$tool" verify "$module" -k "$release" --before "$sample/before.sh" --after "$sample/after.sh"; then
        echo "PASS $name"
    else
        echo "FAIL $name"
        status=1
    fi
done
exit $status
