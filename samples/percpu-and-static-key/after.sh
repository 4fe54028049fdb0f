#!/bin/sh
# A second line in /proc/loadavg: processes counted per CPU, and a static key that is switched while the patch is in force.
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
event=/sys/kernel/tracing/events/oom/oom_score_adj_update/enable
debug=/sys/kernel/debug/dynamic_debug/control
trap 'echo 0 >/proc/sys/kernel/sched_schedstats; echo 0 >$event; echo 0 >/proc/self/oom_score_adj' EXIT

expect() {
    if ! eval "$2"; then
        echo "not so: $1"
        exit 1
    fi
}

line() {
    tail -n 1 /proc/loadavg
}

line
expect "it is the line of the patch" "line | grep -q '^processes [0-9]*, schedstats off, clock tsc$'"
counted=$(line | sed 's/processes \([0-9]*\),.*/\1/')
listed=$(ls -d /proc/[0-9]* | wc -l)
expect "$counted processes counted, $listed listed" '[ $((counted - listed)) -ge -4 ] && [ $((counted - listed)) -le 4 ]'
echo 1 >/proc/sys/kernel/sched_schedstats
line
expect "the key switches the patched code" "line | grep -q 'schedstats on'"
echo 0 >/proc/sys/kernel/sched_schedstats
expect "and back" "line | grep -q 'schedstats off'"

# The tracepoint of the replaced __set_oom_adj, off and on, and its new debug message.
echo 321 >/proc/self/oom_score_adj
echo 1 >$event
echo "module $KLP_NAME +p" >$debug
echo 123 >/proc/self/oom_score_adj
echo 0 >$event
grep oom_score_adj_update /sys/kernel/tracing/trace | grep -v '^#'
expect "the tracepoint fires when it is on" "grep -q 'oom_score_adj=123' /sys/kernel/tracing/trace"
expect "and not when it is off" "! grep -q 'oom_score_adj=321' /sys/kernel/tracing/trace"
dmesg | grep 'oom_score_adj of'
expect "the debug message appears when it is on" "dmesg | grep -q 'oom_score_adj of [0-9]* is 123'"
expect "and not when it is off" "! dmesg | grep -q 'oom_score_adj of [0-9]* is 321'"
