#!/bin/sh
# The new function adds a second line; its number must be the uptime, give or take the second it takes to look.
cat /proc/version
[ "$(wc -l </proc/version)" -eq 2 ] || exit 1
head -n 1 /proc/version | grep -q '^Linux version ' || exit 1
said=$(sed -n 's/^running for \([0-9]*\) seconds$/\1/p' /proc/version)
[ -n "$said" ] || exit 1
uptime=$(cut -d. -f1 /proc/uptime)
[ $((uptime - said)) -ge 0 ] && [ $((uptime - said)) -le 2 ]
