#!/bin/sh
# The module as built counts a read after showing it. A second read shows one more.
first=$(cat /proc/oot_report) && second=$(cat /proc/oot_report) || exit 1
echo "$first"
echo "$second"
expr "$first" : 'report: reads so far: [0-9]*$' >/dev/null || exit 1
[ "${second##*: }" -eq $((${first##*: } + 1)) ]
