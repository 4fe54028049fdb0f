using System.Text.RegularExpressions;
using LivePatch.Kbuild;
using LivePatch.Module.PostLink;

namespace LivePatch.Pipeline;

/// <summary>
/// What objtool has against a livepatch. Code behind a static branch that was left out is not reached, which objtool says of the first such
/// instruction before it goes on; no other word of it is forgiven.
/// </summary>
internal static partial class ObjtoolComplaints
{
    /// <summary>The lines that count.</summary>
    /// <param name="output">What make printed.</param>
    /// <param name="partlyUnused">Functions with static branches that never jump.</param>
    public static IReadOnlyList<string> Select(string output, IReadOnlySet<string> partlyUnused) =>
        CompilerMessages.FromObjtool(output, line => Unreached().Match(line) is { Success: true } match
            && partlyUnused.Any(function => LinkTimeSymbol.IsOf(match.Groups[1].Value, function)));

    /// <summary>See validate_reachable_instructions of tools/objtool/check.c.</summary>
    [GeneratedRegex(@": objtool: (\S+)\+0x[0-9a-f]+: unreachable instruction$", RegexOptions.CultureInvariant)]
    private static partial Regex Unreached();
}
