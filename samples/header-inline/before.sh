#!/bin/sh
# Two dummy interfaces in an active-backup bond: one is active, the other is its backup.
cd /sys/class/net || exit 1
trap 'cd /; echo -bond9 >/sys/class/net/bonding_masters; ip link del dummy8; ip link del dummy9' EXIT
echo +bond9 >bonding_masters && echo active-backup >bond9/bonding/mode && ip link set bond9 up || exit 1
for name in dummy8 dummy9; do
    ip link add $name type dummy && echo +$name >bond9/bonding/slaves || exit 1
done
states=$(cat dummy8/bonding_slave/state dummy9/bonding_slave/state)
echo "$states"
[ "$(echo "$states" | sort | tr '\n' ' ')" = "active backup " ]
