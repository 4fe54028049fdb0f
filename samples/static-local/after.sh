#!/bin/sh
# The patched function must give the next number, not start again at 0: it counts in the original's variable.
port=
for candidate in /sys/bus/serio/devices/serio*; do
    [ "$(cat "$candidate/description")" = "i8042 KBD port" ] && port=$candidate
done
[ -n "$port" ] || { echo "no keyboard port"; exit 1; }

printf none >"$port/drvctl"
printf atkbd >"$port/drvctl"
name=$(ls "$port/input")
echo "the keyboard is now $name"
last=$(cat /tmp/last-input-number)
echo $((last + 1)) >/tmp/last-input-number
if [ "$name" != "input$((last + 1))-patched" ]; then
    echo "expected input$((last + 1))-patched"
    exit 1
fi
