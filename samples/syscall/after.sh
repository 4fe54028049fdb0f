#!/bin/sh
# The version with the addition; the other fields as they were.
uname -v
case $(uname -v) in *" lp") ;; *) exit 1 ;; esac
[ "$(uname -r)" = "$(cat /proc/sys/kernel/osrelease)" ]
