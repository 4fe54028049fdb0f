#!/bin/sh
# Both files end with a note of the new source, which counts across them.
text=$(cat /proc/version)
numbers=$(cat /proc/uptime)
echo "$text"
echo "$numbers"
first=$(echo "$text" | sed -n '2s/^note \([0-9]*\): version of Linux has text$/\1/p')
second=$(echo "$numbers" | sed -n '2s/^note \([0-9]*\): uptime of Linux has numbers$/\1/p')
[ -n "$first" ] && [ -n "$second" ] && [ $((first + 1)) -eq "$second" ]
