#!/bin/busybox sh
# The guest's modprobe. The kernel calls it for what it lacks ("modprobe -q -- NAME", kernel/module/kmod.c); check scripts may, too.
#   /verify/modules.load   "MODULE STEP..." for each module that lies here, and "MODULE" alone for one that is built in.
#                          A step is a file to insert, in this order; one with "?" in front may fail
#   /verify/modules.names  "PATTERN MODULE" for each alias
# What was asked for goes into the kernel log: "klp-build: modprobe NAME: MODULE...", or "none" when nothing has that name.

# Until the guest is set up nothing is loaded, as in a machine without an initramfs.
[ -e /run/modprobe ] || exit 1
export PATH=/bin:/sbin
directory=/lib/modules/$(uname -r)
all=
quiet=
while [ $# -gt 0 ]; do
    case $1 in
    --)
        shift
        break
        ;;
    -r | --remove)
        shift
        exec rmmod "$@"
        ;;
    -a | --all) all=1 ;;
    -q | --quiet) quiet=1 ;;
    -*) ;;
    *) break ;;
    esac
    shift
done

# $1 = a module, $2 = its file; the rest are parameters.
insert() {
    module=$1
    file=$2
    shift 2
    [ "$(cat "/sys/module/$module/initstate" 2>/dev/null)" = live ] && return 0
    plain=$directory/$file
    case $file in
    *.xz)
        plain=/run/$module.$$.ko
        unxz -c "$directory/$file" >"$plain"
        ;;
    *.gz)
        plain=/run/$module.$$.ko
        gunzip -c "$directory/$file" >"$plain"
        ;;
    esac
    error=$(insmod "$plain" "$@" 2>&1)
    code=$?
    [ "$plain" = "$directory/$file" ] || rm -f "$plain"
    case $error in
    *"File exists"*) code=0 ;;
    esac
    [ "$code" = 0 ] || [ -n "$quiet" ] || echo "$error" >&2
    return "$code"
}

# $1 = a module or alias; the rest are parameters.
load() {
    name=$(echo "$1" | tr - _)
    shift
    modules=
    if grep -q "^$name\( \|\$\)" /verify/modules.load; then
        modules=$name
    else
        while read -r pattern module; do
            # A pattern is meant.
            # shellcheck disable=SC2254
            case $name in
            $pattern) modules="$modules${modules:+ }$module" ;;
            esac
        done </verify/modules.names
    fi
    echo "<6>klp-build: modprobe $name: ${modules:-none}" >/dev/kmsg
    [ -n "$modules" ] || {
        [ -n "$quiet" ] || echo "modprobe: module $name not found" >&2
        return 1
    }
    status=0
    for wanted in $modules; do
        steps=$(grep "^$wanted " /verify/modules.load)
        for step in ${steps#"$wanted"}; do
            file=${step#\?}
            module=${file##*/}
            module=$(echo "${module%%.ko*}" | tr - _)
            if [ "$module" = "$wanted" ]; then
                insert "$module" "$file" "$@" || status=1
            else
                insert "$module" "$file" || [ "$step" != "$file" ] || status=1
            fi
        done
    done
    return "$status"
}

[ $# -gt 0 ] || exit 1
if [ -n "$all" ]; then
    result=0
    for each in "$@"; do
        load "$each" || result=1
    done
    exit "$result"
fi
load "$@"
