#!/bin/sh
# Core dumps with the patch: the name is in brackets, in those of 64-bit and of 32-bit programs.
cd /tmp || exit 1
ulimit -c unlimited
echo core >/proc/sys/kernel/core_pattern
rm -f core
sh -c 'kill -SEGV $$'
grep -q '<sh>' core || { echo "the core of a 64-bit program is as before"; exit 1; }
rm core
/prog32
grep -q '<prog32>' core || { echo "the core of a 32-bit program is as before"; exit 1; }
