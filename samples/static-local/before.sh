#!/bin/sh
# Makes the kernel allocate an input device by binding the keyboard's driver anew, and checks the name it gets.
# The number in the name comes from the counter. Runs before the patch is loaded and again after it is gone; the
# second time the number must follow the one the patched function gave out.
port=
for candidate in /sys/bus/serio/devices/serio*; do
    [ "$(cat "$candidate/description")" = "i8042 KBD port" ] && port=$candidate
done
[ -n "$port" ] || { echo "no keyboard port"; exit 1; }

# The kernel finds the keyboard in the background while it boots.
tries=100
until ls "$port"/input/input* >/dev/null 2>&1 || [ "$tries" -eq 0 ]; do
    sleep 0.1
    tries=$((tries - 1))
done

printf none >"$port/drvctl"
printf atkbd >"$port/drvctl"
name=$(ls "$port/input")
echo "the keyboard is now $name"
number=${name#input}
case $number in
'' | *[!0-9]*)
    echo "not the original kernel's way to name it"
    exit 1
    ;;
esac

last=$(cat /tmp/last-input-number 2>/dev/null)
echo "$number" >/tmp/last-input-number
if [ -n "$last" ] && [ "$number" -ne $((last + 1)) ]; then
    echo "expected input$((last + 1)): the counter did not go on"
    exit 1
fi
