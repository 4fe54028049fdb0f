namespace LivePatch.Corpus;

/// <summary>The result of one pair.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Changed">Replaced functions.</param>
/// <param name="Added">New functions.</param>
/// <param name="Findings">Fatal diagnostics: id and the whole message.</param>
/// <param name="Reasons">Why each replaced or new function is one, a line each.</param>
/// <param name="Output">The extracted object; null when there is none.</param>
/// <param name="Milliseconds">How long reading, comparing, extracting and verifying took.</param>
internal sealed record CorpusOutcome(
    CorpusPair Pair,
    CorpusVerdict Verdict,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Added,
    IReadOnlyList<(string Id, string Text)> Findings,
    IReadOnlyList<string> Reasons,
    ReadOnlyMemory<byte>? Output,
    double Milliseconds)
{
    /// <summary>True when a pair that must show no change shows one, or the function that was edited is neither replaced nor
    /// refused for want of a tracer call, which whole directories (lib/) are compiled without.</summary>
    public bool IsException => Pair.Edited is { } edited
        ? !IsUntraced && (Verdict != CorpusVerdict.Changed || !Changed.Contains(edited))
        : !Pair.MayDiffer && Verdict != CorpusVerdict.NoChange;

    private bool IsUntraced => Verdict == CorpusVerdict.Refused && Findings.All(static finding => finding.Id == "LP0503");

    /// <summary>One line for the report, and one for each finding below it.</summary>
    public IEnumerable<string> Lines()
    {
        var word = Verdict switch
        {
            CorpusVerdict.Changed => "changed",
            CorpusVerdict.NoChange => "no-change",
            CorpusVerdict.Refused => "refused",
            CorpusVerdict.Error => "ERROR",
            _ => "CRASH",
        };
        var details =
            Findings.Select(static finding => finding.Id)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Concat(Changed)
                .Concat(Added.Select(static name => "+" + name));
        yield return $"{(IsException ? "! " : string.Empty)}{Pair.Kind} {word} {Pair.Name}: {string.Join(' ', details)}";
        foreach (var (_, text) in Findings)
        {
            yield return "    " + text;
        }

        foreach (var reason in Reasons)
        {
            yield return "    " + reason;
        }
    }
}
