#!/bin/sh
# /proc/loadavg has its one line.
cat /proc/loadavg
[ "$(wc -l </proc/loadavg)" = 1 ]
