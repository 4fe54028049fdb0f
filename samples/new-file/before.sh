#!/bin/sh
# The original kernel says what it always says.
cat /proc/version /proc/uptime
[ "$(wc -l </proc/version)" -eq 1 ] && [ "$(wc -l </proc/uptime)" -eq 1 ]
