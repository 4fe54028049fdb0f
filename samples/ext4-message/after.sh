#!/bin/sh
# ext4 with the patch: a message for each allocation while the kernel's static key is on, a debug message when asked for.
trap 'umount /mnt 2>/dev/null; echo 0 >/proc/sys/kernel/sched_schedstats' EXIT
dmesg -c >/dev/null
mke2fs -F /dev/ram0 >/dev/null && mount -t ext4 /dev/ram0 /mnt || exit 1
echo one >/mnt/one && sync && cat /mnt/one || exit 1
if dmesg | grep 'blocks'; then
    echo "a message without the key"
    exit 1
fi
echo 1 >/proc/sys/kernel/sched_schedstats
echo "module $KLP_NAME +p" >/sys/kernel/debug/dynamic_debug/control
echo two >/mnt/two && sync && cat /mnt/two || exit 1
echo "module $KLP_NAME -p" >/sys/kernel/debug/dynamic_debug/control
dmesg | grep 'blocks'
dmesg | grep -q 'EXT4-fs (ram0): allocated [0-9]* blocks on a machine with SSE2' || exit 1
dmesg | grep -q 'ram0: [0-9]* blocks at [0-9]'
