using System.Text.RegularExpressions;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Boot.Log;

/// <summary>
/// Finds in a kernel log what a livepatch must never cause.
///
/// Matching is by how the kernel begins such a line (lib/bug.c, kernel/panic.c, arch/*/kernel/dumpstack.c,
/// kernel/livepatch/*.c, kernel/module/main.c; 5.10 to 6.12), after the time stamp and the optional caller id of
/// CONFIG_PRINTK_CALLER have been taken off. Looking for words anywhere in a line would also catch harmless ones:
/// firmware messages quote "BUG" and "WARNING" freely. A "Call Trace:" belongs to the complaint above it; only one
/// with no complaint shortly before it counts by itself.
///
/// The guest writes its stage marks into the same log, so each finding knows what was going on.
///
/// Limits: a complaint the kernel rate-limits or prints below the console level is not seen; the caller boots with
/// ignore_loglevel and compares the taint mask as a second witness.
/// </summary>
internal static partial class KernelLogScanner
{
    /// <summary>What the guest prefixes its marks with.</summary>
    public const string StageMark = "klp-build: stage ";

    /// <summary>What <c>Guest/modprobe.sh</c> begins its lines with.</summary>
    public const string RequestMark = "klp-build: modprobe ";

    /// <summary>Lines between a complaint and the trace that still belongs to it: registers, code bytes, modules.</summary>
    private const int TraceDistance = 60;

    private static readonly (string Prefix, KernelLogFindingKind Kind)[] Prefixes =
    [
        ("WARNING: ", KernelLogFindingKind.Warning),
        ("BUG: ", KernelLogFindingKind.Bug),
        ("kernel BUG at ", KernelLogFindingKind.Bug),
        ("watchdog: BUG: ", KernelLogFindingKind.Bug),
        ("UBSAN: ", KernelLogFindingKind.Bug),
        ("Oops: ", KernelLogFindingKind.Oops),
        ("general protection fault", KernelLogFindingKind.Oops),
        ("Kernel panic - not syncing", KernelLogFindingKind.Panic),
        ("rcu: INFO: ", KernelLogFindingKind.Stall),
        ("INFO: task ", KernelLogFindingKind.Stall),
        ("INFO: rcu_", KernelLogFindingKind.Stall),
    ];

    private static readonly string[] LivepatchRefusals =
    [
        "fail", "not found", "ambiguity", "invalid", "incorrectly formatted", "refusing", "forcing", "not marked",
        "doesn't have support", "may never complete", "not compatible",
    ];

    private static readonly string[] LoaderRefusals =
    [
        ": Unknown symbol ", ": disagrees about version of symbol ", ": no symbol version for ",
        ": version magic '", ": Skipping invalid relocation target",
    ];

    /// <summary>Finds everything suspicious in a log.</summary>
    /// <param name="log">The console's text; CR LF line ends are fine.</param>
    public static IReadOnlyList<KernelLogFinding> Scan(string log)
    {
        var lines = log.Split('\n');
        var texts = Array.ConvertAll(lines, static line => Strip(line));
        var findings = new List<KernelLogFinding>();
        var stage = "boot";
        var lastComplaint = int.MinValue / 2;
        for (var index = 0; index < texts.Length; index++)
        {
            var text = texts[index];
            if (text.StartsWith(StageMark, StringComparison.Ordinal))
            {
                stage = text[StageMark.Length..].Trim();
                continue;
            }

            if (Classify(text) is not { } kind)
            {
                continue;
            }

            if (kind == KernelLogFindingKind.Trace && index - lastComplaint < TraceDistance)
            {
                continue;
            }

            if (kind is not KernelLogFindingKind.Refusal)
            {
                lastComplaint = index;
            }

            findings.Add(new KernelLogFinding(index + 1, kind, text, stage, FindWhere(texts, index)));
        }

        return findings;
    }

    /// <summary>The last lines of a log, without empty ones.</summary>
    public static IReadOnlyList<string> Tail(string log, int count) =>
        [.. log.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0).TakeLast(count)];

    /// <summary>Names of modules the kernel asked for and the guest's modprobe did not have, as they appear.</summary>
    public static IEnumerable<string> UnansweredRequests(string log) =>
        log.Split('\n').Select(static line => Strip(line))
            .Where(
                static text => text.StartsWith(RequestMark, StringComparison.Ordinal) && text.EndsWith(": none", StringComparison.Ordinal))
            .Select(static text => text[RequestMark.Length..^": none".Length]);

    private static KernelLogFindingKind? Classify(string text)
    {
        foreach (var (prefix, kind) in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        // "traps: PANIC: double fault, error_code: 0x0", "invalid opcode: 0000 [#1] PREEMPT SMP"
        if (OopsNumber().IsMatch(text) || text.Contains("traps: PANIC", StringComparison.Ordinal)
            || text.Contains(" general protection fault ", StringComparison.Ordinal))
        {
            return KernelLogFindingKind.Oops;
        }

        if (text.Contains("Call Trace:", StringComparison.Ordinal))
        {
            return KernelLogFindingKind.Trace;
        }

        if (text.StartsWith("livepatch: ", StringComparison.Ordinal))
        {
            // A patch may be called 'livepatch_fail': what stands in quotes is a name, not a complaint.
            var said = Quoted().Replace(text, string.Empty);
            if (LivepatchRefusals.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return KernelLogFindingKind.Refusal;
            }
        }

        return LoaderRefusals.Any(word => text.Contains(word, StringComparison.Ordinal)) ? KernelLogFindingKind.Refusal : null;
    }

    /// <summary>How the line begins that names where the processor was; kernels of several machines do not write alike.</summary>
    private static readonly string[] PlaceMarks = [.. Architectures.All.Select(static architecture => architecture.Guest.OopsPlaceMark)];

    private static string? FindWhere(string[] texts, int start)
    {
        for (var index = start + 1; index < Math.Min(texts.Length, start + 20); index++)
        {
            foreach (var mark in PlaceMarks)
            {
                if (texts[index].StartsWith(mark, StringComparison.Ordinal))
                {
                    return texts[index][mark.Length..].Trim();
                }
            }
        }

        return null;
    }

    private static string Strip(string line) => Stamp().Replace(line.TrimEnd('\r', ' '), string.Empty);

    [GeneratedRegex(@"^(\[ *\d+\.\d+\])?(\[ *[TC]\d+\])? ?", RegexOptions.CultureInvariant)]
    private static partial Regex Stamp();

    [GeneratedRegex("'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[#\d+\]", RegexOptions.CultureInvariant)]
    private static partial Regex OopsNumber();
}
