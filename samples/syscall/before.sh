#!/bin/sh
# The version as the kernel was built with it.
uname -v
case $(uname -v) in *" lp") exit 1 ;; esac
