#!/usr/bin/env bash
# Runs all tests, from units to samples in the booted kernel, and ends with the line
# "N passed, N failed, N skipped". Exit code 1 when anything failed, crashed, or ran no test.
#
#   tests/run.sh [--quick] [--format] [--no-install] [--no-chroots]
#
#   --quick       only what needs no kernel and no QEMU, for the inner loop; installs nothing
#   --format      also checks that 'dotnet format' would change nothing (one more test)
#   --no-install  never installs a package; tests that need a missing one are skipped with the reason
#   --no-chroots  leaves out the kernels of other Debian releases (tests/release-chroot.sh), which take 6 GB and root
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/common.sh
. "$root/tests/common.sh"

check_format=
install=yes
chroots=yes
quick=
for argument in "$@"; do
    case $argument in
    --quick) quick=yes install='' chroots='' ;;
    --format) check_format=yes ;;
    --no-install) install= ;;
    --no-chroots) chroots= ;;
    *)
        sed -n '2,/^set -/s/^# \{0,1\}//p' "$0"
        exit 1
        ;;
    esac
done

require_dotnet
use_test_cache
cd "$root"
passed=0
failed=0
skipped=0
problems=()

fail() {
    failed=$((failed + 1))
    problems+=("$1")
}

if [ -n "$quick" ]; then
    # Tests that need a kernel skip themselves (TestSupport/InstalledKernels).
    export KLP_TEST_QUICK=1
fi
needed=(build test)
[ -n "$quick" ] || needed+=(kernel boot ${chroots:+chroot})
if [ -n "$install" ] && can_install; then
    tests/install-dependencies.sh "${needed[@]}" || echo "Not everything could be installed; going on without."
fi
missing=$(tests/install-dependencies.sh --check "${needed[@]}" 2>&1 | tr '\n' ' ' || true)
if [ -n "$missing" ]; then
    echo "Missing packages, tests that need them will be skipped: $missing"
fi

echo "== build"
dotnet build LivePatch.sln -c Release -v quiet -nologo

reports=$root/artifacts/test-reports
rm -rf "$reports"
mkdir -p "$reports"

# Trees of other Debian releases are made and their kernels tried beside everything else, one after the other, and shown at the end: it is
# mostly downloading and unpacking, and the rest has the right of way.
releases=(trixie sid)
if [ -n "$chroots" ]; then
    publish_tool "$root/artifacts/publish"
    setsid nice -n 5 bash -c 'reports=$1
        shift
        for release; do
            tests/release-chroot.sh "$release" >"$reports/$release.txt" 2>&1 && status=0 || status=$?
            echo "exit code $status" >>"$reports/$release.txt"
        done' \
        "$0" "$reports" "${releases[@]}" </dev/null &
    chroots=$!
    # When this ends before them, they end too; what root runs for them only root can end.
    trap 'kill -KILL -- "-$chroots" 2>/dev/null; [ "$(id -u)" -eq 0 ] || sudo -n kill -KILL -- "-$chroots" 2>/dev/null || true' EXIT
    trap 'exit 130' INT TERM HUP
fi

if [ -n "$check_format" ]; then
    echo "== format"
    if dotnet format LivePatch.sln --verify-no-changes --no-restore; then
        passed=$((passed + 1))
    else
        fail "dotnet format --verify-no-changes"
    fi
fi

# The attribute $2 of the report's assembly element.
count_of() {
    grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'
}

# By their project files: of a project that is gone its products may be left. As many at once as there are processors.
echo "== unit tests"
for project in tests/*.Tests/*.csproj; do
    basename "$project" .csproj
done | xargs -P "$(nproc)" -I '{}' sh -c '
    status=0
    tests/{}/bin/Release/net10.0/{} -noColor -noLogo -result-xml "$0/{}.xml" >"$0/{}.txt" 2>&1 || status=$?
    echo "$status" >"$0/{}.status"' "$reports"
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    report=$reports/$name.xml
    echo "== $name"
    cat "$reports/$name.txt"
    status=$(cat "$reports/$name.status")
    if [ ! -s "$report" ] || [ "$(count_of "$report" total)" -eq 0 ]; then
        fail "$name: ran no test (exit code $status)"
        continue
    fi
    passed=$((passed + $(count_of "$report" passed)))
    skipped=$((skipped + $(count_of "$report" skipped)))
    broken=$(($(count_of "$report" failed) + $(count_of "$report" errors)))
    if [ "$broken" -gt 0 ]; then
        failed=$((failed + broken))
        problems+=("$name: $broken failed")
    elif [ "$status" -ne 0 ]; then
        fail "$name: exit code $status though no test failed"
    fi
done

# The PASS and FAIL lines of the report $1; failures are told with $2 in front of their names.
count_lines() {
    local what
    passed=$((passed + $(grep -c '^PASS ' "$reports/$1.txt" || true)))
    while read -r _ what; do
        fail "${2-}$what"
    done < <(grep '^FAIL ' "$reports/$1.txt" || true)
}

finish() {
    echo
    for problem in "${problems[@]}"; do
        echo "FAILED: $problem"
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}
[ -z "$quick" ] || finish

# Real kernel objects through the engine: tests/corpus.sh without --small takes hundreds.
echo "== corpus of kernel objects"
if [ -e /usr/src/linux-source-6.1.tar.xz ] && [ -n "$(newest_kernel)" ]; then
    tests/corpus.sh --small --work "$root/artifacts/corpus" 2>&1 | tee "$reports/corpus.txt" || true
    if ! grep -qE '^(PASS|FAIL) ' "$reports/corpus.txt"; then
        fail "corpus: nothing was compared"
    fi
    count_lines corpus
else
    echo "SKIP corpus: it needs linux-source-6.1 and the headers of an installed kernel"
    skipped=$((skipped + 1))
fi

echo "== samples in the booted kernel"
tests/samples.sh 2>&1 | tee "$reports/samples.txt" || true

# Some of them in other kernels, to see that nothing is true of the one kernel only. The log says which kernel it was.
samples_on() {
    local kernel=$1 packages=$2
    shift 2
    echo "== samples in ${kernel:-a kernel of the set $packages}"
    if [ -n "$kernel" ]; then
        tests/samples.sh -k "$kernel" "$@" 2>&1 | tee -a "$reports/samples.txt" || true
    else
        printf "SKIP %s: the packages of 'tests/install-dependencies.sh $packages' are missing\n" "$@" | tee -a "$reports/samples.txt"
    fi
}
samples_on "$(newest_kernel 6.12)" kernel-6.12 meminfo-string static-local several-owners new-file header-inline percpu-and-static-key ext4-message out-of-tree two-objects
samples_on "$(newest_kernel 6.1 cloud)" kernel-cloud meminfo-string

echo "== a sample in a kernel built from source"
if small=$(tests/small-kernel.sh "$root/artifacts/small-kernel" 2>"$reports/small-kernel.txt"); then
    echo "kernel $small"
    tests/samples.sh -s "$root/artifacts/small-kernel/build" meminfo-string 2>&1 | tee -a "$reports/samples.txt" || true
else
    tail -n 20 "$reports/small-kernel.txt"
    fail "the small kernel does not build"
fi
if ! grep -qE '^(PASS|FAIL|SKIP) ' "$reports/samples.txt"; then
    fail "samples: none was run"
fi

if [ -n "$chroots" ]; then
    wait "$chroots" || true
    trap - EXIT
    for release in "${releases[@]}"; do
        echo "== samples in the kernel of Debian $release"
        sed -E "s/^(PASS|FAIL|SKIP) /\\1 $release: /" "$reports/$release.txt" | tee -a "$reports/samples.txt"
        # Every one that was asked for ended in some way, or it was not the samples that went wrong.
        if ! grep -qE '^(PASS|FAIL|SKIP) ' "$reports/$release.txt" || ! grep -qE '^(FAIL .*|exit code 0)$' "$reports/$release.txt"; then
            fail "samples of Debian $release: $(tail -n 1 "$reports/$release.txt")"
        fi
    done
fi
count_lines samples "sample "
skipped=$((skipped + $(grep -c '^SKIP ' "$reports/samples.txt" || true)))

# Signals, several runs at once and damaged caches: tests/faults.sh without --small tries more moments and all files.
echo "== faults"
if [ -n "$(newest_kernel)" ] && [ -e /usr/src/linux-source-6.1.tar.xz ]; then
    tests/faults.sh --small 2>&1 | tee "$reports/faults.txt" || true
    if ! grep -qE '^(PASS|FAIL) ' "$reports/faults.txt"; then
        fail "faults: nothing was tried"
    fi
    count_lines faults
else
    echo "SKIP faults: it needs linux-source-6.1 and the headers of an installed kernel"
    skipped=$((skipped + 1))
fi

finish
