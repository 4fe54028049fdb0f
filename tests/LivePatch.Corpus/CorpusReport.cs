using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LivePatch.Corpus;

/// <summary>What is printed at the end of a run.</summary>
internal static class CorpusReport
{
    /// <summary>Totals by kind and verdict, and refusals by id.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<CorpusOutcome> outcomes)
    {
        foreach (var kind in outcomes.GroupBy(static outcome => outcome.Pair.Kind))
        {
            var counts = Enum.GetValues<CorpusVerdict>().Select(verdict => $"{Count(kind, verdict)} {Words(verdict)}");
            writer.WriteLine($"{kind.Key,-6} {kind.Count()} objects: {string.Join(", ", counts)}");
            var exceptions = kind.Count(static outcome => outcome.IsException);
            if (!kind.First().Pair.MayDiffer)
            {
                writer.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"       as expected: {kind.Count() - exceptions} ({100.0 * (kind.Count() - exceptions) / kind.Count():F1}%)"));
            }

            var refused = kind.Where(static outcome => outcome.Verdict == CorpusVerdict.Refused).ToList();
            foreach (var id in refused.SelectMany(static outcome => outcome.Findings.Select(static finding => finding.Id).Distinct())
                .GroupBy(static id => id)
                    .OrderByDescending(static group => group.Count())
                    .ThenBy(static group => group.Key, StringComparer.Ordinal))
            {
                writer.WriteLine(
                    $"       {id.Key}: {id.Count()} objects, in "
                        + $"{refused.Count(outcome => outcome.Findings.All(finding => finding.Id == id.Key))} of them the only reason");
            }
        }
    }

    /// <summary>A digest of all verdicts and outputs: the same for every order of work and number of threads.</summary>
    public static string Digest(IReadOnlyList<CorpusOutcome> outcomes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var outcome in outcomes)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', outcome.Lines())));
            hash.AppendData(outcome.Output is { } bytes ? bytes.Span : default);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static int Count(IEnumerable<CorpusOutcome> outcomes, CorpusVerdict verdict) =>
        outcomes.Count(outcome => outcome.Verdict == verdict);

    private static string Words(CorpusVerdict verdict) => verdict switch
    {
        CorpusVerdict.Changed => "changed",
        CorpusVerdict.NoChange => "no change",
        CorpusVerdict.Refused => "refused",
        CorpusVerdict.Error => "errors",
        _ => "crashes",
    };
}
