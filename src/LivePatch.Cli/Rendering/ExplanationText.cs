using LivePatch.Diff;
using LivePatch.Diff.Accounting;
using LivePatch.Diff.Explain;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes why each symbol is in the result, and what looked like a change and is none.</summary>
internal static class ExplanationText
{
    public static void Write(TextWriter output, DiffResult diff)
    {
        foreach (var entry in Explanation.Of(diff))
        {
            var place = entry.Section.Length == 0 ? entry.Name : $"{entry.Name} ({entry.Section})";
            output.WriteLine(place + entry.Kind switch
            {
                ExplanationKind.Running => " stays in the running kernel",
                ExplanationKind.LeftOut => " is not in the result",
                ExplanationKind.Outlives => " leaves an address with the kernel",
                ExplanationKind.Forgiven => " looked different, which does not count",
                _ => string.Empty,
            });
            foreach (var reason in entry.Reasons)
            {
                output.WriteLine($"    because {reason}");
            }
        }

        if (diff.Ledger is { } ledger)
        {
            WriteAccount(output, diff.Pair!.Patched.Name, ledger);
        }
    }

    /// <summary>How all of both objects is accounted for: in figures, and one by one what is not simply the same.</summary>
    private static void WriteAccount(TextWriter output, string name, Ledger ledger)
    {
        output.WriteLine(
            $"account of {name}: {string.Join(", ", ledger.Totals().Select(static total => $"{total.Count} {Word(total.Kind)}"))}");
        foreach (var claim in ledger.Claims.Where(
            static claim => claim.Kind is ClaimKind.Forgiven or ClaimKind.Reported or ClaimKind.Unused or ClaimKind.Unclaimed))
        {
            output.WriteLine(
                $"    {claim.Name}{(claim.IsPatched ? string.Empty : " of the original")}: {Word(claim.Kind)}: {claim.Reason}");
        }
    }

    private static string Word(ClaimKind kind) => kind switch
    {
        ClaimKind.ByUse => "compared by use",
        ClaimKind.NotRead => "not read",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
