#!/usr/bin/env bash
# Runs the diff engine on a real corpus: the objects of two versions of Debian's kernel source, compiled as the kernel is.
#
#   tests/corpus.sh [options]
#
#   --old VERSION    the source package (linux-source-6.1) of this version is the original (default 6.1.190-1)
#   --new VERSION    and this one the patched source (default: the installed version)
#   -k RELEASE       configuration, generated headers and objtool are those of this kernel's headers (default: the newest 6.1)
#   --pairs N        objects whose .c file differs between the versions, both ways (default 200)
#   --self N         objects compared with themselves compiled again, and with 40 blank lines on top (default 500; 0: none)
#   --edits N        objects in which one exported function is edited, which must be the one replaced (default 100; 0: none)
#   --mutations N    changes of one thing at a time in each original, all of which must be noticed (default 100)
#   --seed N         which changes those are (default 17)
#   --directories "D..."  where in the tree to take objects from
#   --small          for CI: no second version; 20 self pairs and 12 edits in a few directories
#   --jobs N         compiles and comparisons at a time (default: the number of processors)
#   --work DIR       where everything is kept; a second run goes on from there (default artifacts/corpus-full)
#   --compile-only   stops when the objects are there
#
# Both sides are compiled by Kbuild in a tree each, with a section per function, with the debug information of the configuration and with
# objtool. The self pairs' second and third side replay the command Kbuild recorded, in trees of links. Packages are
# fetched with 'apt-get download'; nothing is installed.
#
# Each check prints a PASS or FAIL line. What fails: a crash, a diagnostic that is no refusal of the change, an output that
# readelf or ld -r complains about or our own verifier finds wrong, an edited function that is neither replaced nor refused
# as not traced, more than 1% of the self pairs found different, a result that depends on the number of threads. Verdicts,
# one object each with the reasons, are in WORK/report; what a self pair that differs is about is printed too.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

old=6.1.190-1
new=
release=
pairs=200
selves=500
edits=100
mutations=100
seed=17
directories="block crypto drivers/acpi drivers/base drivers/block drivers/char drivers/hid drivers/md drivers/net drivers/nvme drivers/scsi drivers/tty drivers/usb fs ipc kernel lib mm net security sound"
small=
jobs=$(nproc)
work=$root/artifacts/corpus-full
compile_only=
while [ $# -gt 0 ]; do
    case $1 in
    --old) old=$2 ;;
    --new) new=$2 ;;
    -k) release=$2 ;;
    --pairs) pairs=$2 ;;
    --self) selves=$2 ;;
    --edits) edits=$2 ;;
    --mutations) mutations=$2 ;;
    --seed) seed=$2 ;;
    --directories) directories=$2 ;;
    --jobs) jobs=$2 ;;
    --work) work=$2 ;;
    --small)
        small=yes
        shift
        continue
        ;;
    --compile-only)
        compile_only=yes
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

release=${release:-$(newest_kernel)}
headers=$(readlink -f "/lib/modules/$release/build")
series=$(sed -E 's/^([0-9]+\.[0-9]+).*/\1/' <<<"$release")
source=linux-source-$series
installed=$(dpkg-query -W -f '${Version}' "$source")
new=${new:-$installed}
if [ -n "$small" ]; then
    pairs=0
    selves=20
    edits=12
    mutations=100
    directories="block crypto fs/proc lib mm"
fi
common=("ARCH=x86" "CC=gcc-12" "KCFLAGS=-ffunction-sections -fdata-sections")
mkdir -p "$work"
left_out=()
if [ -n "$small" ]; then
    left_out=(--anchored)
    for directory in Documentation drivers fs/[!p]* net sound samples tools/testing 'arch/[!x]*'; do
        left_out+=("--exclude=$source/$directory")
    done
fi

# Makes $work/VERSION, a source tree with the configuration and generated headers of the installed kernel, as
# WorkTreePreparer does.
prepare_tree() {
    local version=$1 tree=$work/$1 archive temporary=$work/$1.tmp
    [ -e "$tree/.prepared" ] && return
    rm -rf "$temporary" "$tree"
    mkdir -p "$temporary"
    if [ "$version" = "$installed" ]; then
        archive=/usr/src/$source.tar.xz
    else
        if ! ls "$work/${source}_${version}_"*.deb >/dev/null 2>&1; then
            (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$source=$version")
        fi
        dpkg-deb -x "$work/${source}_${version}_"*.deb "$work/deb-$version"
        archive=$work/deb-$version/usr/src/$source.tar.xz
    fi
    echo "unpacking $version"
    tar -x -I 'xz -T0' -f "$archive" -C "$temporary" --strip-components=1 --no-same-owner "${left_out[@]}"
    local directory program
    for directory in include/config include/generated arch/x86/include/generated; do
        mkdir -p "$temporary/$directory"
        cp -r "$headers/$directory/." "$temporary/$directory/"
    done
    for directory in scripts tools; do
        while read -r program; do
            if [ "$(head -c 4 "$program" | tr -d '\177')" = ELF ]; then
                install -D "$program" "$temporary/$directory/${program#"$headers/$directory/"}"
            fi
        done < <(find "$headers/$directory/" -type f -perm -u+x)
    done
    cp "$headers/.config" "$temporary/.config"
    touch -d '2 minutes ago' "$temporary/.config"
    touch "$temporary"/include/config/auto.conf{.cmd,} "$temporary"/include/generated/autoconf.h
    touch "$temporary/.prepared"
    mv "$temporary" "$tree"
}

# All objects the configuration builds from a .c file under the directories.
list_objects() {
    local tree=$1 queue next directory
    read -ra queue <<<"$directories"
    while [ ${#queue[@]} -gt 0 ]; do
        next=()
        for directory in "${queue[@]}"; do
            while read -r what name; do
                if [ "$what" = directory ]; then
                    next+=("$name")
                elif [ "$what" = object ] && [ -e "$tree/${name%.o}.c" ]; then
                    echo "$name"
                fi
            done < <(make -s -C "$tree" -f "$root/tests/corpus/list-objects.mk" "obj=$directory" 2>/dev/null || true)
        done
        queue=("${next[@]}")
    done | sort -u
}

# Prints $1 lines of standard input, spread evenly over it.
spread() {
    awk -v want="$1" '{ line[NR] = $0 } END {
        if (want > NR) want = NR
        for (i = 0; i < want; i++) print line[int(i * NR / want) + 1]
    }'
}

# Compiles the objects listed in file $2 in tree $1 by Kbuild; what does not compile (a generated file the headers package
# lacks) is left out.
compile() {
    local tree=$1 list=$2
    echo "compiling $(wc -l <"$list") objects in $(basename "$tree") ..."
    xargs -r nice make -C "$tree" -k "-j$jobs" -s -o prepare -o prepare0 -o archprepare --no-print-directory "${common[@]}" \
        <"$list" >>"$work/compile.log" 2>&1 || true
}

# Makes tree $2 of links to tree $1, in which the directories on the way to the objects of list $3 are real, as PatchOverlay
# does. Products are not linked. What a former run compiled there stays.
overlay() {
    local tree=$1 copy=$2 list=$3 directory entry name
    local -A real=()
    while read -r directory; do
        while [ "$directory" != . ]; do
            real[$directory]=yes
            directory=$(dirname "$directory")
        done
    done < <(xargs dirname <"$list" | sort -u)
    # A former run left links where directories must be now; those above come first.
    mapfile -t directories < <(printf '%s\n' "${!real[@]}" | sort)
    for directory in . "${directories[@]}"; do
        if [ -L "$copy/$directory" ]; then
            rm "$copy/$directory"
        fi
        mkdir -p "$copy/$directory"
    done
    for directory in . "${directories[@]}"; do
        for entry in "$tree/$directory"/* "$tree/$directory"/.[a-z]*; do
            name=${entry##*/}
            case $name in *.o | .*.cmd | .*.d) continue ;; esac
            if [ -e "$entry" ] && [ ! -e "$copy/$directory/$name" ] && [ -z "${real[${directory/#./}/$name]-}" ]; then
                echo "$entry"
            fi
        done | xargs -r -d '\n' ln -s -t "$copy/$directory"
    done
}

# The command Kbuild recorded for object $2 in tree $1 (CompileCommand).
recorded() {
    sed -n 's/^\(saved\)\{0,1\}cmd_[^ ]* := //p' "$1/$(dirname "$2")/.$(basename "$2").cmd" | head -n 1 |
        sed -e 's/\$\$/$/g' -e 's/\$(pound)/#/g'
}

# Replays the recorded command of tree $1 in overlay $2 for the objects of list $3.
replay() {
    local tree=$1 copy=$2 list=$3 object
    echo "compiling $(wc -l <"$list") objects again in $(basename "$copy") ..."
    while read -r object; do
        if [ ! -e "$copy/$object" ] || [ "$copy/$object" -ot "$tree/$object" ]; then
            printf 'cd %q && rm -f %q && { %s; } || rm -f %q\0' "$copy" "$object" "$(recorded "$tree" "$object")" "$object"
        fi
    done <"$list" | LC_ALL=C nice xargs -0 -r -n 1 -P "$jobs" sh -c >>"$work/compile.log" 2>&1
}

# Those of the listed objects that exist in all the given trees.
existing() {
    local list=$1 object tree
    shift
    while read -r object; do
        for tree in "$@"; do
            [ -s "$tree/$object" ] || continue 2
        done
        echo "$object"
    done <"$list"
}

# Puts 40 blank lines on top of the sources of list $2 in tree of links $1.
blank_lines() {
    local copy=$1 list=$2 object
    while read -r object; do
        if [ -L "$copy/${object%.o}.c" ]; then
            { printf '\n%.0s' {1..40} && cat "$tree/${object%.o}.c"; } >"$copy/blank.c.tmp"
            rm "$copy/${object%.o}.c"
            mv "$copy/blank.c.tmp" "$copy/${object%.o}.c"
        fi
    done <"$list"
}

# Edits the first exported function of source $1 that it finds the body of, into file $2, and prints the function's name.
edit_function() {
    awk -v out="$2" '
        NR == FNR {
            if (match($0, /^EXPORT_SYMBOL(_GPL)?\(/)) exported[substr($0, RLENGTH + 1, index($0, ")") - RLENGTH - 1)]
            next
        }
        {
            print > out
            if (done) next
            for (name in exported)
                if ($0 ~ "(^|[ *])" name "\\(" && $0 !~ /;|^[ \t]|inline|__init|notrace/) candidate = name
            if ($0 ~ /^[;}#]/) candidate = ""
            if ($0 == "{" && candidate != "") {
                print "\tasm volatile(\"nop\");" > out
                print candidate
                done = 1
            }
        }' "$1" "$1"
}

# The same edit in tree of links $1 for the objects of list $2; prints those it found a function for, with its name.
edit_sources() {
    local copy=$1 list=$2 object name
    while read -r object; do
        if [ -L "$copy/${object%.o}.c" ]; then
            name=$(edit_function "$tree/${object%.o}.c" "$copy/edit.c.tmp")
            if [ -n "$name" ]; then
                rm "$copy/${object%.o}.c"
                mv "$copy/edit.c.tmp" "$copy/${object%.o}.c"
                echo "$name" >"$copy/${object%.o}.edited"
            fi
        fi
        if [ -e "$copy/${object%.o}.edited" ]; then
            echo "$object"
        fi
    done <"$list"
}

# The list's fields of object $2 after its kind $1: LivePatch.Corpus reads KIND, NAME, ORIGINAL, PATCHED and OWNER.
entry() {
    local kind=$1 object=$2 original=$3 patched=$4 owner=vmlinux command
    local edited=$patched/${object%.o}.edited
    command=$(recorded "$tree" "$object")
    case $command in
    *' -DMODULE '*)
        owner=${command##*-D__KBUILD_MODNAME=kmod_}
        owner=${owner%% *}
        ;;
    esac
    printf '%s\t%s\t%s\t%s\t%s' "$kind" "$object" "$original/$object" "$patched/$object" "$owner"
    if [ -e "$edited" ]; then
        printf '\t%s' "$(cat "$edited")"
    fi
    echo
}

differing() {
    local object
    while read -r object; do
        if [ -e "$work/$old/${object%.o}.c" ] && ! cmp -s "$work/$old/${object%.o}.c" "$tree/${object%.o}.c"; then
            echo "$object"
        fi
    done <"$work/objects"
}

tree=$work/$new
: >"$work/compile.log"
prepare_tree "$new"
if [ ! -s "$work/objects" ] || [ "$(cat "$work/objects.key" 2>/dev/null)" != "$new $directories" ]; then
    list_objects "$tree" >"$work/objects"
    echo "$new $directories" >"$work/objects.key"
fi
: >"$work/pairs"
if [ "$pairs" -gt 0 ]; then
    prepare_tree "$old"
    # Some of what is chosen will not compile.
    differing | spread $((pairs + pairs / 10)) >"$work/pairs.want"
    compile "$tree" "$work/pairs.want"
    existing "$work/pairs.want" "$tree" >"$work/pairs.have"
    replay "$tree" "$work/$old" "$work/pairs.have"
    existing "$work/pairs.have" "$work/$old" | sed -n "1,${pairs}p" >"$work/pairs"
fi

# Self pairs are compiled a hundred at a time, in an order that makes every beginning of the list a fair sample.
: >"$work/self"
if [ "$selves" -gt 0 ]; then
    {
        cat "$work/pairs"
        spread $((selves + selves / 10)) <"$work/objects" | grep -vxFf "$work/pairs" | sort -R --random-source=<(yes)
    } | sed -n "1,$((selves + selves / 20))p" >"$work/self.want"
    rm -f "$work"/self.part.*
    split -l 100 "$work/self.want" "$work/self.part."
    for part in "$work"/self.part.??; do
        compile "$tree" "$part"
        existing "$part" "$tree" >"$part.have"
        overlay "$tree" "$work/again" "$part.have"
        overlay "$tree" "$work/blank" "$part.have"
        blank_lines "$work/blank" "$part.have"
        replay "$tree" "$work/blank" "$part.have"
        replay "$tree" "$work/again" "$part.have"
        existing "$part.have" "$work/again" "$work/blank" >>"$work/self"
    done
    sed -i "$((selves + 1)),\$d" "$work/self"
fi

: >"$work/edits"
if [ "$edits" -gt 0 ]; then
    # Exports are what is easily found in a source; so only sources that have them are asked.
    while read -r object; do
        if grep -q '^EXPORT_SYMBOL' "$tree/${object%.o}.c"; then
            echo "$object"
        fi
    done < <(if [ -s "$work/self" ]; then cat "$work/self"; else cat "$work/objects"; fi) | spread "$edits" >"$work/edits.want"
    compile "$tree" "$work/edits.want"
    existing "$work/edits.want" "$tree" >"$work/edits.have"
    overlay "$tree" "$work/edited" "$work/edits.have"
    edit_sources "$work/edited" "$work/edits.have" >"$work/edits.made"
    replay "$tree" "$work/edited" "$work/edits.made"
    existing "$work/edits.made" "$work/edited" >"$work/edits"
fi
[ -z "$compile_only" ] || exit 0

{
    while read -r object; do entry pair "$object" "$work/$old" "$tree"; done <"$work/pairs"
    while read -r object; do entry back "$object" "$tree" "$work/$old"; done <"$work/pairs"
    while read -r object; do entry again "$object" "$tree" "$work/again"; done <"$work/self"
    while read -r object; do entry blank "$object" "$tree" "$work/blank"; done <"$work/self"
    while read -r object; do entry edit "$object" "$tree" "$work/edited"; done <"$work/edits"
} >"$work/list"

require_dotnet
program=$root/tests/LivePatch.Corpus/bin/Release/net10.0/LivePatch.Corpus
[ -x "$program" ] || dotnet build "$root/tests/LivePatch.Corpus" -c Release -v quiet -nologo
if [ -z "${DOTNET_ROOT-}" ]; then
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
    export DOTNET_ROOT
fi

passed=0
failed=0
check() {
    if [ "$1" = yes ]; then
        passed=$((passed + 1))
        echo "PASS corpus: $2"
    else
        failed=$((failed + 1))
        echo "FAIL corpus: $2"
    fi
}

rm -rf "$work/output"
status=0
"$program" "$work/list" --symvers "$headers/Module.symvers" --image "/boot/vmlinuz-$release" \
    --threads "$jobs" --repeat 2 --output "$work/output" --report "$work/report" | tee "$work/totals" || status=$?
echo
awk '/^[^ ]/ { show = /^!/ } show' "$work/report"

check "$([ "$status" -eq 0 ] && echo yes)" "no crash and no error in $(wc -l <"$work/list") pairs"

foreign=$(grep -oE '^(! )?[a-z]+ refused .*: .*' "$work/report" | grep -oE 'LP[0-9]{4}' | sort -u | grep -vE '^(LP05[0-9]{2}|LP0604)$' | tr '\n' ' ' || true)
check "$([ -z "$foreign" ] && echo yes)" "every refusal is about the change${foreign:+, but $foreign}"

one=$("$program" "$work/list" --symvers "$headers/Module.symvers" --image "/boot/vmlinuz-$release" --threads 1 | grep -o 'digest .*')
check "$([ "$(grep -c "$one" "$work/totals")" -eq 2 ] && echo yes)" "the result does not depend on the number of threads, $one"

# One thing changed at a time in objects of all kinds: each must be refused, be in the result, or be forgiven by a named rule.
mutated=$("$program" "$work/list" --symvers "$headers/Module.symvers" --image "/boot/vmlinuz-$release" --threads "$jobs" --mutations "$mutations" --seed "$seed") && status=0 || status=$?
check "$([ "$status" -eq 0 ] && echo yes)" "$(tail -n 1 <<<"$mutated")"
[ "$status" -eq 0 ] || sed 's/^/    /' <<<"$mutated" | head -n 40

complaints=0
outputs=0
while read -r output; do
    outputs=$((outputs + 1))
    if [ -n "$(readelf -aW "$output" 2>&1 >/dev/null)" ] || [ -n "$(ld -r -o "$work/linked.o" "$output" 2>&1)" ]; then
        echo "    $output"
        complaints=$((complaints + 1))
    fi
done < <(find "$work/output" -name '*.o')
check "$([ "$complaints" -eq 0 ] && echo yes)" "readelf and ld -r accept $outputs outputs"

# A comparison has no direction as long as nothing is found.
if [ -s "$work/pairs" ]; then
    one_way=$(diff <(sed -n 's/^pair no-change //p' "$work/report") <(sed -n 's/^back no-change //p' "$work/report") | grep -c '^[<>]' || true)
    check "$([ "$one_way" -eq 0 ] && echo yes)" "$one_way pairs show a change one way only"
fi

for kind in again blank edit; do
    total=$(grep -c "^$kind"$'\t' "$work/list" || true)
    other=$(grep -c "^! $kind " "$work/report" || true)
    if [ "$total" -gt 0 ]; then
        what="no change in $((total - other)) of $total objects compiled $([ $kind = again ] && echo again || echo 'with 40 blank lines on top')"
        [ $kind != edit ] || what="the edited function is replaced, or refused as one that is not traced, in $((total - other)) of $total objects"
        check "$([ $((other * 100)) -le "$total" ] && echo yes)" "$what"
    fi
done
echo "corpus: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
