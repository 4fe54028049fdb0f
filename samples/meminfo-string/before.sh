#!/bin/sh
# The original kernel spells it VmallocTotal.
grep '^VmallocTotal:' /proc/meminfo && ! grep '^VMALLOCTOTAL:' /proc/meminfo
