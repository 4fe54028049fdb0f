#!/bin/sh
# The patched module counts the read itself first and says so. The static counter of format.c goes on counting: with the
# module loaded before the livepatch there were two reads already.
line=$(cat /proc/oot_report) || exit 1
echo "$line"
expr "$line" : 'report: reads with this one: [1-9][0-9]* (line [1-9][0-9]*)$' >/dev/null || exit 1
value=${line#*: reads with this one: }
count=${line#*(line }
[ "${value%% *}" -eq "${count%)}" ]
