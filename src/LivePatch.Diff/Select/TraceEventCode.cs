using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// The functions that TRACE_EVENT and DECLARE_EVENT_CLASS expand to (include/trace/trace_events.h, include/trace/perf.h and
/// include/trace/bpf_probe.h, Linux 5.10 to 6.12; with the prefix "do_" for system calls from 6.13 on). All are notrace, so what can be
/// said to the author of a patch that changes one is something else than for other functions.
/// </summary>
internal static class TraceEventCode
{
    private static readonly string[] Prefixes =
    [
        "trace_event_raw_event_", "perf_trace_", "__bpf_trace_", "trace_raw_output_", "trace_event_get_offsets_",
        "do_trace_event_raw_event_", "do_perf_trace_",
    ];

    /// <summary>What to do about a change of one.</summary>
    public const string Remedy =
        "Leave the event as it was. If the patch does not touch its definition (include/trace/events/), the event uses a type or an "
            + "inline function that changed: "
        + "give the new one another name and use that in the patched functions. Report what is new with trace_printk or pr_info.";

    /// <summary>True for a static function with a name that only these macros make.</summary>
    public static bool Contains(Atom atom) =>
        atom is { Kind: AtomKind.Function, IsGlobal: false }
            && Array.Exists(Prefixes, prefix => atom.Name.StartsWith(prefix, StringComparison.Ordinal));
}
