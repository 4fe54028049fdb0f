using System.Text.RegularExpressions;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>Names as cases write them: <c>*</c> stands for digits, since compilers number clones and static locals as they like.</summary>
public static class NamePattern
{
    /// <summary>True when the name fits.</summary>
    public static bool Matches(string pattern, string? name) =>
        name is not null
        && (pattern == name
            || (pattern.Contains('*', StringComparison.Ordinal)
                && Regex.IsMatch(
                    name, $"^{Regex.Escape(pattern).Replace("\\*", "[0-9]+", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant)));

    /// <summary>Takes patterns and names that fit each other out of both lists and returns what is left.</summary>
    public static (List<string> Patterns, List<string> Names) Unmatched(IEnumerable<string> patterns, IEnumerable<string> names)
    {
        // Exact ones first, so that a pattern does not take the name another fact means.
        var left = names.ToList();
        var missing = new List<string>();
        foreach (var pattern in patterns.OrderBy(static pattern => pattern.Contains('*', StringComparison.Ordinal)))
        {
            var index = left.FindIndex(name => Matches(pattern, name));
            if (index < 0)
            {
                missing.Add(pattern);
            }
            else
            {
                left.RemoveAt(index);
            }
        }

        return (missing, left);
    }
}
