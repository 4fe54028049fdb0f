#!/usr/bin/env bash
# From nothing to a verified livepatch: installs what is missing (Debian 12; asks sudo for that only), builds the tool,
# builds the livepatch of samples/meminfo-string for the newest installed kernel, boots that kernel in QEMU, loads
# the livepatch there, and shows the changed line before and after.
#
#   samples/demo.sh [OUTPUT-DIRECTORY]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"
out=${1:-$root/artifacts/demo}
sample=$root/samples/meminfo-string

step() {
    printf '\n== %s\n' "$*"
}

require_dotnet
step "Packages"
if "$root/tests/install-dependencies.sh" --check build kernel boot >/dev/null; then
    echo "Everything needed is installed."
else
    "$root/tests/install-dependencies.sh" build kernel boot
fi
release=$(newest_kernel)
echo "Kernel: $release"

step "The tool"
publish_tool "$root/artifacts/publish"
tool=$root/artifacts/publish/klp-build
echo "$tool"

step "The livepatch"
mkdir -p "$out"
"$tool" -k "$release" "$sample/meminfo-string.patch" -o "$out"

step "The same kernel, booted in QEMU"
"$tool" verify "$out/livepatch-meminfo-string.ko" -k "$release" \
    --before "$sample/before.sh" --after "$sample/after.sh"
