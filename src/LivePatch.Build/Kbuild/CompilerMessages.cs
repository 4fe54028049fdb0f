namespace LivePatch.Build.Kbuild;

/// <summary>Picks what a user needs out of a compiler's or make's output.</summary>
internal static class CompilerMessages
{
    private const int Most = 20;

    /// <summary>The lines from the first error on, a few at most; the last lines when there is no error line.</summary>
    public static string Select(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(lines, static line =>
            line.Contains(" error: ", StringComparison.Ordinal) || line.Contains("fatal error", StringComparison.Ordinal)
            || line.Contains("*** ", StringComparison.Ordinal) || line.Contains("not found", StringComparison.Ordinal));
        var from = first < 0 ? Math.Max(0, lines.Length - 5) : Math.Max(0, first - 1);
        return lines.Length == 0 ? "It ended without a message." : string.Join('\n', lines.Skip(from).Take(Most));
    }

    /// <summary>The warnings in a compiler's or objtool's output.</summary>
    public static IReadOnlyList<string> Warnings(string output) =>
        [.. output.Split('\n').Where(static line => line.Contains("warning:", StringComparison.Ordinal)).Distinct()];
}
