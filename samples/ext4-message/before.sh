#!/bin/sh
# ext4 without the patch: files can be written, and nothing is said about it, even with the key on.
trap 'umount /mnt 2>/dev/null; echo 0 >/proc/sys/kernel/sched_schedstats' EXIT
dmesg -c >/dev/null
mke2fs -F /dev/ram0 >/dev/null && mount -t ext4 /dev/ram0 /mnt || exit 1
echo 1 >/proc/sys/kernel/sched_schedstats
echo text >/mnt/file && sync && cat /mnt/file || exit 1
! dmesg | grep 'allocated .* blocks'
