#!/usr/bin/env bash
# Samples in a small kernel that clang and lld built, with LLVM=1 as its maintainer would say it. Not part of tests/run.sh:
# the kernel takes up to ten minutes of two cores the first time; it is kept in artifacts/llvm-kernel.
#
#   tests/llvm-kernel.sh [SAMPLE...]       default: meminfo-string
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- meminfo-string
"$root/tests/install-dependencies.sh" build kernel boot test
release=$("$root/tests/small-kernel.sh" "$root/artifacts/llvm-kernel" LLVM=1)
echo "kernel $release of clang"
LLVM=1 "$root/tests/samples.sh" -s "$root/artifacts/llvm-kernel/build" "$@"
