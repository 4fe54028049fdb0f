using System.Text.RegularExpressions;

namespace LivePatch.Kbuild;

/// <summary>Picks what a user needs out of a compiler's or make's output.</summary>
public static partial class CompilerMessages
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

    /// <summary>
    /// What objtool says: "FILE: warning: objtool: ..." up to 6.14, "error: objtool: ..." too since. The livepatch's own table of functions
    /// leads to functions without a landing pad, of which objtool warns: ftrace comes to them by a return, not by an indirect branch.
    /// </summary>
    /// <param name="output">What was printed.</param>
    /// <param name="isForgiven">True for a line of objtool that is no complaint.</param>
    public static IReadOnlyList<string> FromObjtool(string output, Func<string, bool> isForgiven) =>
        [.. output.Split('\n').Select(static line => line.Trim())
            .Where(line => line.Contains(": objtool: ", StringComparison.Ordinal) && !OwnTable().IsMatch(line)
                && !isForgiven(line)).Distinct().Take(Most)];

    [GeneratedRegex(@": objtool: funcs_\w+\+0x[0-9a-f]+: data relocation to !\w+: ", RegexOptions.CultureInvariant)]
    private static partial Regex OwnTable();

    /// <summary>The warnings in a compiler's or objtool's output.</summary>
    public static IReadOnlyList<string> Warnings(string output) =>
        [.. output.Split('\n').Where(static line => line.Contains("warning:", StringComparison.Ordinal)).Distinct()];
}
