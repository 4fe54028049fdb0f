#!/usr/bin/env bash
# Ends klp-build by signals at random moments while it fills a cache, lets several runs share a cache (in PID namespaces of their own where
# that is allowed), and damages files of the cache. After each the module must be the one an undisturbed run makes, and
# no process may be left.
#
#   tests/faults.sh [-n ROUNDS] [-k RELEASE] [--work DIR] [--seed N] [--small]
#
#   -n ROUNDS    how often a run is ended by a signal (default 8)
#   -k RELEASE   the kernel (default: the newest of 6.1)
#   --work DIR   where caches and modules go (default artifacts/faults); removed first
#   --seed N     which moments and which files, where not all are tried (default: another one each time, which is printed)
#   --small      for tests/run.sh: four rounds, two runs at once, three damaged files
#
# KLP_BUILD names the tool to try. Prints PASS or FAIL for each step; exit code 1 when one failed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

rounds=8
kernel=$(newest_kernel)
work=$root/artifacts/faults
seed=$RANDOM
small=
while [ $# -gt 0 ]; do
    case $1 in
    -n) rounds=$2 ;;
    -k) kernel=$2 ;;
    --work) work=$2 ;;
    --seed) seed=$2 ;;
    --small)
        small=yes
        rounds=4
        shift
        continue
        ;;
    *)
        sed -n '2,/^set -/s/^# \{0,1\}//p' "$0"
        exit 1
        ;;
    esac
    shift 2
done
if [ -z "${KLP_BUILD-}" ]; then
    require_dotnet
    publish_tool "$root/artifacts/publish"
fi
tool=${KLP_BUILD:-$root/artifacts/publish/klp-build}
patch=$root/samples/meminfo-string/meminfo-string.patch
rm -rf "$work"
mkdir -p "$work"
failed=0
RANDOM=$seed
echo "faults: seed $seed, $tool"

say() {
    echo "$1 faults: $2"
    [ "$1" = PASS ] || failed=1
}

build() { # CACHE OUT
    "$tool" -q -k "$kernel" --cache "$1" -o "$2" "$patch"
}

# The code of a module; debug information may name directories.
code() {
    objcopy --strip-debug -R .note.gnu.build-id "$1/livepatch-meminfo-string.ko" "$work/stripped.ko" && sha256sum <"$work/stripped.ko"
}

check() { # STEP OUT
    if [ "$(code "$2" 2>/dev/null)" = "$good" ]; then say PASS "$1"; else say FAIL "$1"; fi
}

# Processes that name the work directory, but for this script's own.
left() {
    pgrep -f -- "$work/" | grep -vx -e $$ -e "$BASHPID" || true
}

if ! build "$work/reference" "$work/good"; then
    say FAIL "an undisturbed run"
    exit 1
fi
good=$(code "$work/good")

signals=(KILL TERM HUP KILL INT)
for ((round = 0; round < rounds; round++)); do
    signal=${signals[round % ${#signals[@]}]}
    [ $((round % 4)) -ne 0 ] || rm -rf "$work/cache"
    # The first rounds end while the source is unpacked, later ones anywhere.
    chance=$RANDOM
    pause=$(awk -v seed="$chance" -v round="$round" 'BEGIN { srand(seed); printf "%.2f", 0.3 + rand() * (round % 4 ? 9 : 4) }')
    # A shell without job control would start it with SIGINT ignored.
    set -m
    build "$work/cache" "$work/out" >"$work/log" 2>&1 &
    run=$!
    set +m
    sleep "$pause"
    child=$(pgrep -P "$run" -f "$tool" || true)
    kill -"$signal" "${child:-$run}" 2>/dev/null || true
    wait "$run" 2>/dev/null || true
    # The end of a killed run's children takes a moment on a busy machine.
    for _ in $(seq 25); do
        rest=$(left)
        [ -n "$rest" ] || break
        sleep 0.2
    done
    if [ -z "$rest" ]; then say PASS "nothing left after SIG$signal at $pause s"; else
        say FAIL "left after SIG$signal at $pause s: $(ps -o pid=,args= -p "$(echo "$rest" | paste -sd,)" | cut -c1-100 | paste -sd';')"
    fi
    if [ $((round % 4)) -eq 3 ]; then
        rm -rf "$work/out"
        build "$work/cache" "$work/out" || true
        check "the module after signals" "$work/out"
        abandoned=$(find "$work/cache" -maxdepth 4 -name 'run-*' -not -path '*/tree/*')
        if [ -z "$abandoned" ]; then say PASS "no temporary directory is left"; else say FAIL "left: $abandoned"; fi
    fi
done

# Two at once, fresh: each in a PID namespace of its own, where the other's process ids mean nothing.
apart=()
if unshare -p -f --mount-proc true 2>/dev/null; then apart=(unshare -p -f --mount-proc --kill-child); fi
rm -rf "$work/cache"
together=(1 2 3)
[ -z "$small" ] || together=(1 2)
for i in "${together[@]}"; do
    "${apart[@]}" "$tool" -q -k "$kernel" --cache "$work/cache" -o "$work/at-once-$i" "$patch" >"$work/log-$i" 2>&1 &
done
wait
for i in "${together[@]}"; do check "the module of run $i of ${#together[@]} at once ${apart[*]:+(PID namespaces)}" "$work/at-once-$i"; done

# Files of the cache, each damaged in turn. All of them are there, or this list is out of date.
place=$(echo "$work"/cache/kernels/*/)
database=$(basename "$place"database-*)
files=(manifest generated "$database"/{top,reached,text-includes,hostprogram.mk,fs.directory,fs+proc.directory} objects/fs/proc/meminfo.o{,.cmd}
    tree/fs/proc/meminfo.c tree/include/linux/mm.h tree/tools/objtool/objtool tree/.config)
if [ -n "$small" ]; then
    while [ ${#files[@]} -gt 3 ]; do
        unset "files[RANDOM % ${#files[@]}]"
        files=("${files[@]}")
    done
fi
for file in "${files[@]}"; do
    if [ ! -e "$place$file" ]; then
        say FAIL "$file is in the cache"
        continue
    fi
    : >"$place$file"
    rm -rf "$work/out"
    build "$work/cache" "$work/out" || true
    check "the module after $file was emptied" "$work/out"
done
sed -i 's/VmallocTotal/VMALLOCtotal/; s/MemFree/MEMFREE/' "$place/tree/fs/proc/meminfo.c"
rm -rf "$work/out"
build "$work/cache" "$work/out" || true
check "the module after its source was changed in the cache" "$work/out"

exit "$failed"
