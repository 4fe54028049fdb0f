#!/bin/sh
# Builds the sample's modules as their author would, for the kernel $1, in the current directory.
set -e
cp -r "$(dirname "$0")/source" source
make -C "/lib/modules/$1/build" "M=$PWD/source" OOT_LOUD=y modules
# What a user has: the source as it was, and the modules somewhere else.
mkdir modules
mv source/*.ko modules
make -C "/lib/modules/$1/build" "M=$PWD/source" OOT_LOUD=y clean
