using System.Text.RegularExpressions;

namespace LivePatch.Cli.Tests;

/// <summary>Words that say a fact of one machine or of one distribution, and where they may stand.</summary>
internal static partial class SeamWords
{
    /// <summary>The seam of the machines, relative to the repository's root.</summary>
    public const string Machines = "src/LivePatch.Kernel/Architecture/";

    /// <summary>The seam of the distributions, whose package names have machines in them.</summary>
    public const string Distributions = "src/LivePatch.Kernel/Distributions/";

    /// <summary>The words of a text that stand outside their seam, with their lines.</summary>
    /// <param name="path">The file's path, relative to the repository's root.</param>
    /// <param name="text">Its text: code, comments and strings alike.</param>
    public static IEnumerable<string> Leaks(string path, string text)
    {
        var isMachines = path.StartsWith(Machines, StringComparison.Ordinal);
        var isDistributions = path.StartsWith(Distributions, StringComparison.Ordinal);
        var line = 0;
        foreach (var content in text.Split('\n'))
        {
            line++;
            foreach (var word in isMachines || isDistributions ? [] : MachineWord().Matches(content).Select(static match => match.Value))
            {
                yield return $"{path}:{line}: {word}";
            }

            foreach (var word in isDistributions ? [] : DistributionWord().Matches(content).Select(static match => match.Value))
            {
                yield return $"{path}:{line}: {word}";
            }
        }
    }

    [
        GeneratedRegex(
            @"x86|x64|amd64|bzimage|emX8664|0xe[89]\b|endbr(?:64|32)?\b|__fentry__|__pfx_|\bint3\b|\beflags\b|\b[re](?:ip|sp|ax|di|si)\b",
            RegexOptions.IgnoreCase)]
    private static partial Regex MachineWord();

    [
        GeneratedRegex(
            @"\bapt(?:-get|-cache)?\b|dpkg|debian|\bubuntu\b|\bfedora\b|\brpm\b|\bdnf\b|linux-image-|linux-headers-|snapshot\.debian",
            RegexOptions.IgnoreCase)]
    private static partial Regex DistributionWord();
}
