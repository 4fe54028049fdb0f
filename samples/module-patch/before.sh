#!/bin/sh
# zram without the patch: one line for the algorithms, nine numbers in mm_stat.
[ -e /sys/block/zram0 ] || { echo "there is no zram0"; exit 1; }
cat /sys/block/zram0/comp_algorithm /sys/block/zram0/mm_stat
[ "$(wc -l </sys/block/zram0/comp_algorithm)" = 1 ] || exit 1
[ "$(wc -w </sys/block/zram0/mm_stat)" = 9 ] || exit 1
