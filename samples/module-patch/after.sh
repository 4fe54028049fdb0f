#!/bin/sh
# zram with the patch: a second line says whether the algorithm is fixed, and mm_stat has the kernel's swap pages too.
dir=/sys/block/zram0
[ -e $dir ] || { echo "there is no zram0"; exit 1; }
tail -n 1 $dir/comp_algorithm
[ "$(tail -n 1 $dir/comp_algorithm)" = free ] || exit 1

# With a size the device is set up, its statistics come from zsmalloc, and it becomes the only swap.
echo 8M >$dir/disksize && mkswap /dev/zram0 >/dev/null && swapon /dev/zram0 || exit 1
tail -n 1 $dir/comp_algorithm
cat $dir/mm_stat
fixed=$(tail -n 1 $dir/comp_algorithm)
pages=$(awk '{ print $10 }' $dir/mm_stat)
stored=$(awk '{ print $1 }' $dir/mm_stat)
swapoff /dev/zram0 && echo 1 >$dir/reset || exit 1
[ "$fixed" = fixed ] && [ "$stored" -gt 0 ] && [ "$pages" = 2047 ] || exit 1
