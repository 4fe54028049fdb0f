#!/usr/bin/env bash
# Breaks good modules at random, one thing at a time, and asks whether the proof notices each.
#
#   tests/proof.sh [-n N] [--seed S] [-k RELEASE]... MODULE.ko...
#
#   -n N         breaks of each module (default 250)
#   --seed S     where the random numbers begin (default 1)
#   -k RELEASE   the kernel that the modules behind it are for
#
# A module is one that was built with 'klp-build --proof MODULE.proof', MODULE.proof being beside MODULE.ko. A break changes a
# relocation (symbol, addend, type, offset; or it is dropped), a byte of code, of a literal or of a table, a row of a table (dropped, doubled), a
# livepatch symbol's name, position or object, a symbol's value, or a flag of a section. What the proof does not notice must be explained
# by a rule that does not ask the proof for its opinion; the totals say how often each rule was needed. Exit code 1 when one is neither.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

require_dotnet
use_test_cache
count=250
seed=1
release=$(newest_kernel)
modules=()
status=0
program=$root/tests/LivePatch.ProofRuns/bin/Release/net10.0/LivePatch.ProofRuns

run() {
    [ ${#modules[@]} -gt 0 ] || return 0
    "$program" --kernel "$release" --cache "$XDG_CACHE_HOME" --mutations "$count" --seed "$seed" "${modules[@]}" || status=1
    modules=()
}

dotnet build "$root/tests/LivePatch.ProofRuns" -c Release -v quiet -nologo
mkdir -p "$XDG_CACHE_HOME"
while [ $# -gt 0 ]; do
    case $1 in
    -n) count=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    -k)
        run
        release=$2
        shift
        ;;
    *) modules+=("$1") ;;
    esac
    shift
done
run
exit $status
