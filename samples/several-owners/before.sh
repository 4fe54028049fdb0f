#!/bin/sh
# One line each from the kernel, from pktgen and from zram.
cat /proc/version /proc/net/pktgen/pgctrl /sys/block/zram0/initstate || exit 1
[ "$(cat /proc/version /proc/net/pktgen/pgctrl /sys/block/zram0/initstate | wc -l)" -eq 3 ]
