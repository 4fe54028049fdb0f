#!/bin/sh
# Core dumps without the patch: the name of the program stands in them as it is.
cd /tmp || exit 1
ulimit -c unlimited
echo core >/proc/sys/kernel/core_pattern
rm -f core
sh -c 'kill -SEGV $$'
[ -s core ] && ! grep -q '<sh>' core || exit 1
rm core
/prog32
[ -s core ] && ! grep -q '<prog32>' core || exit 1
