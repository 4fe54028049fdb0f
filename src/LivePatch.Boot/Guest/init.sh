#!/bin/busybox sh
# The guest's only program. It takes the livepatch through its life and reports each step on the second serial
# port, so that results never mix with the kernel's log on the first:
#   "@ stage NAME"            a step begins (also written into the kernel log)
#   "@ taint WHEN NUMBER"     /proc/sys/kernel/tainted
#   "@ check NAME EXITCODE"   a check script ended; the "| " lines before it are its output. When several orders of
#                             loading are tried in turn, NAME is ORDER/NAME
#   "@ sysfs OBJECT/FUNC,POS" one directory of the loaded patch
#   "@ skipped NAME"          a check that the order of loading makes meaningless
#   "@ fail WHAT [DETAIL]"    a step failed; the "| " lines before it say more
#   "@ done"                  everything above was run to its end
# Payload lines always start with "| ": nothing a script prints can be taken for a report.

/bin/busybox mkdir -p /bin /sbin
/bin/busybox --install -s /bin
export PATH=/bin:/sbin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
exec 3>/dev/ttyS1
# shellcheck source=/dev/null
. /verify/settings
patch_dir=/sys/kernel/livepatch/$NAME
modules_dir=/lib/modules/$(uname -r)
ln -sf /sbin/modprobe /bin/modprobe
mount -t tmpfs tmpfs /run
touch /run/modprobe
echo /sbin/modprobe 2>/dev/null >/proc/sys/kernel/modprobe
# Start of the names of checks, and the target modules loaded, the last one first.
round=
loaded=

say() {
    echo "@ $*" >&3
}

stage() {
    echo "<5>klp-build: stage $1" >/dev/kmsg
    say stage "$1"
}

# awk rather than cat: it ends the last line whatever the file does.
payload() {
    head -c 65536 "$1" | awk '{ print "| " $0 }' >&3
}

# cat rather than read: the shell reads byte by byte, and a sysctl file ends after the first read.
taint() {
    say taint "$1" "$(cat /proc/sys/kernel/tainted)"
}

finish() {
    taint end
    stage "done"
    say "done"
    sync
    poweroff -f
    sleep 60
}

give_up() {
    say fail "$@"
    finish
}

# A shell script given by the user: $1 = what to call it, $2 = its file.
check() {
    [ -f "/verify/$2.sh" ] || return 0
    stage "check-$1"
    cd /tmp || return 1
    KLP_NAME=$NAME KLP_STAGE=$1 timeout -k 5 "$CHECK_SECONDS" sh "/verify/$2.sh" >/tmp/output 2>&1 </dev/null
    code=$?
    payload /tmp/output
    say check "$round$1" "$code"
}

# $1 = what a failure is called; the rest are files below the directory of modules, "?" in front of those that may fail.
load_modules() {
    what=$1
    shift
    for step in "$@"; do
        file=${step#\?}
        module=${file##*/}
        module=$(echo "${module%.ko}" | tr - _)
        [ -e "/sys/module/$module/initstate" ] && continue
        if ! insmod "$modules_dir/$file" 2>/tmp/error; then
            [ "$step" = "$file" ] || continue
            # The kernel may have asked for it just now.
            grep -q "File exists" /tmp/error && continue
            payload /tmp/error
            give_up "$what" "$module"
        fi
        [ "$what" = extra ] || loaded="$module $loaded"
    done
}

# $1 = what a failure is called: target or reload.
load_targets() {
    [ -n "$TARGETS" ] || return 0
    stage "$1"
    taint "before-$1"
    # Word splitting is meant: module names hold no spaces.
    # shellcheck disable=SC2086
    load_modules "$1" $TARGETS
    taint "after-$1"
}

# Takes away what was loaded on the kernel's own demand and uses the module $1.
unload_holders() {
    for holder in "/sys/module/$1/holders"/*; do
        [ -e "$holder" ] || continue
        holder=${holder##*/}
        [ "$holder" = "$NAME" ] && continue
        unload_holders "$holder"
        rmmod "$holder" 2>/dev/null
    done
}

unload_targets() {
    [ -n "$loaded" ] || return 0
    stage unload-target
    for module in $loaded; do
        unload_holders "$module"
        # Only the patched modules must go. Whoever used one last may still be letting go.
        case " $PATCHED " in
        *" $module "*) tries=50 ;;
        *)
            rmmod "$module" 2>/dev/null
            continue
            ;;
        esac
        until rmmod "$module" 2>/tmp/error; do
            tries=$((tries - 1))
            if [ "$tries" = 0 ]; then
                payload /tmp/error
                give_up unload-target "$module"
            fi
            sleep 0.1
        done
    done
    loaded=
}

# Every patched object that is there must be in force; kernels before 6.1 do not tell.
require_patched() {
    for file in "$patch_dir"/*/patched; do
        [ -f "$file" ] || continue
        object=${file%/patched}
        object=${object##*/}
        [ "$object" = vmlinux ] || [ -d "/sys/module/$object/sections" ] || continue
        [ "$(cat "$file")" = 1 ] || give_up patched "$object"
    done
}

# Lists the tasks not yet in the wanted state: $1 = 1 when patching, 0 when unpatching.
list_stalled() {
    for task in /proc/[0-9]*/task/[0-9]*; do
        read -r state <"$task/patch_state" || continue
        [ "$state" = "$((1 - $1))" ] || continue
        read -r command <"$task/comm"
        echo "task ${task##*/} ($command), patch_state $state:"
        sed 's/^/    /' "$task/stack"
    done 2>/dev/null
}

# Waits until the transition to state $1 has ended. When unpatching the whole directory goes.
await_transition() {
    tenths=$((TRANSITION_SECONDS * 10))
    while [ "$tenths" -gt 0 ]; do
        if ! read -r moving 2>/dev/null <"$patch_dir/transition"; then
            return 0
        fi
        [ "$1" = 1 ] && [ "$moving" = 0 ] && return 0
        sleep 0.1
        tenths=$((tenths - 1))
    done
    list_stalled "$1" >/tmp/stalled
    payload /tmp/stalled
    return 1
}

# One life of the livepatch. $1 = when its targets are loaded: before, after or never; $2 = reload to load them twice.
live() {
    case $1 in
    before)
        load_targets target
        check before before
        ;;
    *)
        [ -f /verify/before.sh ] && [ -z "$round" ] && say skipped before
        ;;
    esac

    taint before-load
    stage load
    if ! insmod /verify/livepatch.ko 2>/tmp/error; then
        payload /tmp/error
        give_up load
    fi

    stage transition
    await_transition 1 || give_up transition
    read -r enabled 2>/dev/null <"$patch_dir/enabled"
    [ "$enabled" = 1 ] || give_up enabled "$enabled"

    [ "$1" = after ] && load_targets target
    require_patched

    stage sysfs
    (cd "$patch_dir" && find . -mindepth 2 -maxdepth 2 -type d) | sed 's/^\.\///' | sort | while read -r entry; do
        say sysfs "$entry"
    done

    if [ "$1" = never ]; then
        [ -f /verify/after.sh ] && [ -z "$round" ] && say skipped after
    else
        check after after
    fi
    if [ "$2" = reload ]; then
        unload_targets
        load_targets reload
        require_patched
        check reloaded after
    fi
    taint after-check

    stage disable
    if ! echo 0 2>/tmp/error >"$patch_dir/enabled"; then
        payload /tmp/error
        give_up disable
    fi
    await_transition 0 || give_up transition-back

    stage unload
    # The kernel drops its hold on the module a moment after the directory is gone.
    tries=100
    until rmmod "$NAME" 2>/tmp/error; do
        tries=$((tries - 1))
        if [ "$tries" = 0 ]; then
            payload /tmp/error
            give_up unload
        fi
        sleep 0.1
    done
    [ -e "/sys/module/$NAME" ] && give_up unload still-there

    if [ "$1" = never ]; then
        [ -f /verify/before.sh ] && [ -z "$round" ] && say skipped restored
    else
        check restored before
    fi
}

stage init
taint start
if [ -n "$FIRST" ]; then
    # shellcheck disable=SC2086
    load_modules extra $FIRST
fi

case $ORDER in
reload)
    live after reload
    ;;
all)
    round=never/
    live never
    round=after/
    live after reload
    unload_targets
    round=before/
    live before reload
    ;;
*)
    live "$ORDER"
    ;;
esac
finish
