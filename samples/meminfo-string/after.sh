#!/bin/sh
# The patched kernel spells it VMALLOCTOTAL, and the rest of the file is still there.
grep '^VMALLOCTOTAL:' /proc/meminfo || exit 1
! grep '^VmallocTotal:' /proc/meminfo || exit 1
grep -q '^MemTotal:' /proc/meminfo && grep -q '^DirectMap2M:' /proc/meminfo
