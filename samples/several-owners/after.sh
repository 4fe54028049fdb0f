#!/bin/sh
# All three end with a note, numbered through: one function, new in vmlinux, writes them. The values come from the two statics
# of one name (101 in vmlinux, twice pktgen's default of 1000), and from the other object of zram, which counts its backends.
for file in /proc/version /proc/net/pktgen/pgctrl /sys/block/zram0/initstate; do
    [ -e $file ] || { echo "there is no $file"; exit 1; }
    tail -n 1 $file
done >/tmp/notes
cat /tmp/notes
first=$(sed -n '1s/^note \([0-9]*\): vmlinux has 101$/\1/p' /tmp/notes)
[ -n "$first" ] || exit 1
[ "$(sed -n 2p /tmp/notes)" = "note $((first + 1)): pktgen has 2000" ] || exit 1
backends=$(sed -n "3s/^note $((first + 2)): zram has \([0-9]*\)\$/\1/p" /tmp/notes)
[ -n "$backends" ] && [ "$backends" -eq "$(head -n 1 /sys/block/zram0/comp_algorithm | wc -w)" ]
