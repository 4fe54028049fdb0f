#!/usr/bin/env bash
# Measures klp-build on this machine and prints a table. Nothing is asserted.
#
#   tests/bench.sh [-k RELEASE] [--runs N]
#
# Rows:
#   cold            empty cache, source package still packed, to the finished .ko (once)
#   same patch      the same patch again, best of N (default 3)
#   other patch     each run another patch for the same kernel, never built before: the best of the other samples
#   database        what every object of the kernel is linked into and its command ('klp-build owners --all'), as on first use, which
#                   is once per kernel and has a bound of 60 s; and again, best of N
#   make -n         the yardstick: 'make -n -k vmlinux modules' on all cores, which prints the commands too
#   compile twice   the floor: the recorded command of the patched object, replayed twice, best of N
#   Kbuild module   the floor: an empty external module built with make, best of N
#   20 files        a patch that changes a string in each of 20 files: never built before, and again
#   its floor       their recorded commands replayed on all cores (twice, and once), plus 'Kbuild module'
#   diff            'klp-build diff' of a pair of objects of 100 KB and more as a process, mean of 50
#   objdump, readelf  the yardstick in the same run: 'objdump -dr' and 'readelf -aW' of that pair, mean of 5
#   corpus          read, compare, extract and verify the objects of 'tests/corpus.sh' in one process, best of 5
# For the last rows processor time is printed too: it says more than the clock on a machine that others use.
set -euo pipefail
shopt -s extglob
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

release=
runs=3
while [ $# -gt 0 ]; do
    case $1 in
    -k)
        release=$2
        shift 2
        ;;
    --runs)
        runs=$2
        shift 2
        ;;
    *)
        sed -n '2,/^set -/s/^# \{0,1\}//p' "$0"
        exit 1
        ;;
    esac
done
release=${release:-$(newest_kernel)}
headers=$(readlink -f "/lib/modules/$release/build")
require_dotnet
publish_tool "$root/artifacts/publish"
tool=$root/artifacts/publish/klp-build

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=$work/cache
log=$work/log

# Seconds one command takes; its output only shows when it fails.
seconds() {
    local start end
    start=$(date +%s.%N)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        echo "failed: $*" >&2
        return 1
    fi
    end=$(date +%s.%N)
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.2f\n", b - a }'
}

best_of() {
    local count=$1
    shift
    for _ in $(seq "$count"); do
        seconds "$@"
    done | sort -n | head -n 1
}

row() {
    printf '%-16s %10s  %s\n' "$1" "$2" "$3"
}

build() {
    "$tool" -q -k "$release" --cache "$cache" -o "$work/out" "$root/samples/$1/$1.patch"
}

mkdir -p "$work/out"
printf 'kernel %s, %s CPUs, %s\n\n' "$release" "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
row what seconds how
row cold "$(seconds build meminfo-string)" "empty cache to livepatch-meminfo-string.ko"
row 'same patch' "$(best_of "$runs" build meminfo-string)" "best of $runs"
other=$(for name in new-function static-local; do seconds build "$name"; done | sort -n | head -n 1)
row 'other patch' "$other" "best of new-function and static-local, each built for the first time"

# Owners and commands of everything. What make says of a tree that is not built does not count.
rm -rf "$cache"/kernels/*/database-*
database() {
    "$tool" owners -q -k "$release" --cache "$cache" --all
}
dry_run() {
    make -C "$cache"/kernels/*/tree ARCH=x86 "CC=$(kernel_compiler)" -n -k "-j$(nproc)" vmlinux modules || true
}
kernel_compiler() {
    sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\) .*/\1/p' "$headers/.config" | sed 's/^x86_64-linux-gnu-//'
}
database=$(seconds database)
row database "$database" "owner and command of every object, once per kernel; bound: 60"
row 'database again' "$(best_of "$runs" database)" "the same, read; best of $runs"
dry=$(seconds dry_run)
row 'make -n' "$dry" "prints $(grep -c ' -c -o ' "$log") commands, on all cores"
row 'database ratio' "$(awk -v a="$database" -v b="$dry" 'BEGIN { printf "%.2f", a / b }')" "database / make -n"

# The command in the record that lies beside an object in the cache, behind the lines that seal it.
command_of() {
    tail -n +4 "$1"
}

command_file=$(find "$cache/kernels" -path '*/objects/fs/proc/meminfo.o.cmd' -print -quit)
if [ -n "$command_file" ]; then
    tree=${command_file%/objects/fs/proc/meminfo.o.cmd}/tree
    command=$(command_of "$command_file" | head -n 1)
    command=${command%% ; *}
    command=${command//-o fs\/proc\/meminfo.o/-o $work/meminfo.o}
    # The tree belongs to the cache: no dependency file is written into it.
    command=${command/-Wp,-MMD,*([^ ]) /}
    printf 'cd %q\n%s\n%s\n' "$tree" "$command" "$command" >"$work/replay.sh"
    row 'compile twice' "$(best_of "$runs" sh "$work/replay.sh")" "replayed command of fs/proc/meminfo.o"
else
    row 'compile twice' - "the cache holds no recorded command"
fi

mkdir "$work/empty"
printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' >"$work/empty/empty.c"
echo 'obj-m := empty.o' >"$work/empty/Kbuild"
kbuild() {
    make -C "$headers" "M=$work/empty" clean
    make -C "$headers" "M=$work/empty" modules
}
module=$(best_of "$runs" kbuild)
row 'Kbuild module' "$module" "empty external module, clean and make"

# A patch of 20 files in 12 directories: the first string each prints into a proc or debugfs file begins with another letter.
files='fs/proc/array.c fs/proc/fd.c fs/proc/meminfo.c fs/proc/proc_tty.c fs/eventfd.c fs/proc_namespace.c mm/hugetlb_cgroup.c
    mm/memcontrol.c mm/vmstat.c mm/slab_common.c kernel/dma.c kernel/cgroup/cpuset.c kernel/irq/proc.c net/core/net-procfs.c
    net/ipv4/arp.c net/ipv4/fib_trie.c net/ipv4/proc.c block/blk-cgroup.c crypto/proc.c crypto/ahash.c'
tree=$(dirname "$(find "$cache/kernels" -maxdepth 3 -name MAINTAINERS -print -quit)")
for file in $files; do
    sed -E '0,/(seq_(puts|printf)\((m|seq|s), ?")([A-Za-z])/s//\1~\4/' "$tree/$file" |
        diff -u --label "a/$file" --label "b/$file" "$tree/$file" - || true
done >"$work/many.patch"
many() {
    "$tool" -q -k "$release" --cache "$cache" -o "$work/out" "$work/many.patch"
}
# Originals that another row left in the cache would be a head start.
forget() {
    local object
    for object in "$@"; do
        rm -f "$cache"/kernels/*/objects/"${object%.o}".{o,o.cmd,shipped.o}
    done
}
# The recorded commands of objects as scripts, each with its output below a directory of its own.
record() {
    local object recorded directory=$work/$1
    shift
    for object in "$@"; do
        mkdir -p "$directory/$(dirname "$object")"
        recorded=$(command_of "$cache"/kernels/*/objects/"$object.cmd")
        recorded=${recorded// $object/ $directory/$object}
        printf '%s\n' "${recorded//$(dirname "$object")\/.$(basename "$object").d/$directory/$object.d}" >"$directory/$(echo "$object" | tr / _).sh"
    done
}
replay() {
    local times
    for times in $(seq "$2"); do
        (cd "$tree" && printf '%s\0' "$work/$1"/*.sh | xargs -0 -n 1 -P "$(nproc)" sh -e)
    done
}
ratio() {
    awk -v a="$1" -v b="$2" -v m="$module" 'BEGIN { printf "%.2f", a / (b + m) }'
}
objects=$(printf '%s\n' $files | sed 's/c$/o/')
# shellcheck disable=SC2086
forget $objects
first=$(seconds many)
again=$(best_of "$runs" many)
# shellcheck disable=SC2086
record many $objects
row '20 files' "$first" "never built before: 40 compiles"
row '20 files again' "$again" "originals in the cache: 20 compiles, best of $runs"
twice=$(seconds replay many 2)
once=$(best_of "$runs" replay many 1)
row 'replayed twice' "$twice" "the 20 recorded commands on all cores, each twice"
row 'replayed once' "$once" "the same, each once, best of $runs"
row 'ratio' "$(ratio "$first" "$twice")" "20 files / (replayed twice + Kbuild module)"
row 'ratio again' "$(ratio "$again" "$once")" "20 files again / (replayed once + Kbuild module)"

# A header of a driver: what includes it is found and read, what uses the changed function is compiled.
header() {
    "$tool" -k "$release" --cache "$cache" -o "$work/out" "$root/samples/header-inline/header-inline.patch"
}
row 'includes' "$(seconds header)" "samples/header-inline, with the index of all includes made (once per kernel)"
objects=$(sed -n 's/^\([^ ]*\.o\): changed function.*/\1/p' "$log" | sort -u)
count=$(printf '%s\n' "$objects" | wc -l)
# shellcheck disable=SC2086
forget $objects
first=$(seconds header)
again=$(best_of "$runs" header)
# shellcheck disable=SC2086
record header $objects
twice=$(seconds replay header 2)
once=$(best_of "$runs" replay header 1)
row 'header' "$first" "never built before: $((2 * count)) compiles"
row 'header again' "$again" "originals in the cache: $count compiles, best of $runs"
row 'replayed twice' "$twice" "the $count recorded commands on all cores, each twice"
row 'replayed once' "$once" "the same, each once, best of $runs"
row 'ratio' "$(ratio "$first" "$twice")" "header / (replayed twice + Kbuild module)"
row 'ratio again' "$(ratio "$again" "$once")" "header again / (replayed once + Kbuild module)"

# The pair: one inode's worth of kernel code, and the same with one function edited.
if [ -n "$command_file" ]; then
    mkdir -p "$work/patch/a/fs" "$work/patch/b/fs"
    cp "$tree/fs/namei.c" "$work/patch/a/fs/namei.c"
    sed '/^int path_pts(/,/^}/s/^{$/{\n\tbench_counter++;/; s/^int path_pts(/static int bench_counter;\n&/' \
        "$tree/fs/namei.c" >"$work/patch/b/fs/namei.c"
    (cd "$work/patch" && diff -u a/fs/namei.c b/fs/namei.c >bench.patch) || true
    "$tool" -q -k "$release" --cache "$cache" --skip-compiler-check -o "$work/out" "$work/patch/bench.patch" >"$log" 2>&1 || cat "$log" >&2
    original=$(find "$cache" -path '*/objects/fs/namei.o' -print -quit)
fi
if [ -n "${original-}" ]; then
    patched=$work/patched.o
    command=$(cat "$original.cmd")
    command=${command//-o fs\/namei.o/-o $patched}
    command=${command//tools\/objtool\/objtool*fs\/namei.o/true}
    command=${command/-Wp,-MMD,*([^ ]) /}
    command=${command%% ; *}
    command=${command//fs\/namei.c/-I$tree\/fs $work\/patch\/b\/fs\/namei.c}
    plain=$work/plain.o
    (cd "$tree" && eval "$command" && eval "${command//$patched/$plain}" && eval "${command//\/patch\/b\//\/patch\/a\/}")
    mv "$patched" "$plain"
    (cd "$tree" && eval "$command")

    # Wall and processor milliseconds of one run of a command, mean of $1.
    milliseconds() {
        local count=$1
        shift
        TIMEFORMAT='%R %U %S'
        { time for _ in $(seq "$count"); do "$@" >/dev/null 2>&1 || true; done; } 2>&1 |
            awk -v n="$count" '{ printf "%.1f %.1f\n", 1000 * $1 / n, 1000 * ($2 + $3) / n }'
    }
    both() {
        "$1" "$2" "$plain"
        "$1" "$2" "$patched"
    }
    read -r diff_wall diff_cpu < <(milliseconds 50 "$tool" diff "$plain" "$patched" -o "$work/diff.o")
    read -r objdump_wall objdump_cpu < <(milliseconds 5 both objdump -dr)
    read -r readelf_wall readelf_cpu < <(milliseconds 5 both readelf -aW)
    printf '\n%-16s %10s %10s  %s\n' '' 'wall ms' 'cpu ms' "load $(cut -d' ' -f1 /proc/loadavg)"
    printf '%-16s %10s %10s  %s\n' \
        diff "$diff_wall" "$diff_cpu" "fs/namei.o, $(stat -c %s "$plain") bytes, mean of 50" \
        objdump "$objdump_wall" "$objdump_cpu" "-dr of both; diff takes $(awk -v a="$diff_cpu" -v b="$objdump_cpu" 'BEGIN { printf "%.2f", a / b }') of its processor time" \
        readelf "$readelf_wall" "$readelf_cpu" "-aW of both; diff takes $(awk -v a="$diff_cpu" -v b="$readelf_cpu" 'BEGIN { printf "%.2f", a / b }') of its processor time"
fi

corpus=$root/artifacts/corpus-full
if [ ! -s "$corpus/list" ]; then
    corpus=$root/artifacts/corpus
    "$root/tests/corpus.sh" --small --work "$corpus" >"$log" 2>&1 || cat "$log" >&2
fi
if [ -s "$corpus/list" ]; then
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")") \
        "$root/tests/LivePatch.Corpus/bin/Release/net10.0/LivePatch.Corpus" "$corpus/list" --symvers "$headers/Module.symvers" --repeat 5 |
        sed -n 's/^run [0-9]*: //p' | sort -t: -k2 -rn | head -n 1 | sed 's/^/corpus: /'
fi

cat <<'END'

For comparison, measured on 2 cores: kpatch-build needs 30 minutes cold and 6.6 minutes warm for a patch of this size, and its
create-diff-object about 12 ms for a pair.
END
