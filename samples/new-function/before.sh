#!/bin/sh
# The original kernel gives one line.
cat /proc/version
[ "$(wc -l </proc/version)" -eq 1 ]
