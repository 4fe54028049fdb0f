using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff;

/// <summary>What the author says on the command line about variables and functions.</summary>
public static class AuthorsWord
{
    /// <summary>A pair as it is written, "OLD=NEW" with one side that may be empty; null when it is none.</summary>
    public static (string Original, string Patched)? TryParsePair(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at && text.Length > 1 && text.IndexOf('=', at + 1) < 0
            ? (text[..at], text[(at + 1)..])
            : null;

    /// <summary>Warnings about names that none of the compared objects has.</summary>
    public static IEnumerable<Diagnostic> Unused(
        IEnumerable<(string Original, string Patched)> pairs, IEnumerable<string> prototypes, IEnumerable<DiffResult> results)
    {
        var used = results.SelectMany(static result => result.AuthorsWordUsed).ToHashSet(StringComparer.Ordinal);
        foreach (var (before, after) in pairs.Where(pair => !used.Contains($"{pair.Original}={pair.Patched}")))
        {
            yield return DiffDiagnostics.NothingNamed.Anywhere(
                $"'{before}={after}' names no variable of the original and the patched objects, or several.");
        }

        foreach (var name in prototypes.Where(name => !used.Contains(name)))
        {
            yield return DiffDiagnostics.NothingNamed.Anywhere(
                $"'{name}' is no function whose prototype this patch changes under callers that stay.");
        }
    }
}
