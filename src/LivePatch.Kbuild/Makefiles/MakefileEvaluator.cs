using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>
/// Asks make what a directory's makefile sets in the target's configuration: make reads the file with the configuration
/// as Kbuild includes it and prints its variables without building anything. Values are as written, with references not
/// followed; comparing those of two versions of the file shows what a plain change of it does, conditions included.
/// </summary>
/// <param name="runner">Runs make.</param>
/// <param name="scratch">A file that may be written: what make is given to read first.</param>
internal sealed partial class MakefileEvaluator(IProcessRunner runner, string scratch)
{
    /// <summary>Variables set by the makefile, by name.</summary>
    /// <param name="tree">The tree's root.</param>
    /// <param name="makefile">The makefile's path in it; a file that does not exist sets nothing.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <returns>Null when make cannot read the file; it is <paramref name="cancellationToken"/> aware.</returns>
    /// <exception cref="DiagnosticException">make is not installed (LP0003).</exception>
    public async Task<(IReadOnlyDictionary<string, string>? Variables, string Error)> ReadAsync(
        string tree, string makefile, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(tree, makefile)))
        {
            return (new Dictionary<string, string>(), string.Empty);
        }

        var directory = Path.GetDirectoryName(makefile) ?? string.Empty;
        try
        {
            await File.WriteAllTextAsync(
                scratch,
                $"srctree := .\nobjtree := .\nobj := {directory}\nsrc := {directory}\ninclude include/config/auto.conf\ninclude "
                    + $"{makefile}\n.DEFAULT_GOAL := klp-nothing\nklp-nothing: ;\n",
                cancellationToken).ConfigureAwait(false);
            var result = await runner.RunAsync(
                new ProcessRequest("make", ["-pqrR", "--no-print-directory", "-f", scratch, "klp-nothing"])
                {
                    WorkingDirectory = tree,
                    Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["MAKEFLAGS"] = null, ["MAKEFILES"] = null },
                },
                cancellationToken).ConfigureAwait(false);

            // 1 says that something would have to be made; 2 is an error (make(1)).
            return result.ExitCode is 0 or 1 ? (Parse(result.Output, makefile), string.Empty) : (null, result.Error.Trim());
        }
        finally
        {
            File.Delete(scratch);
        }
    }

    internal static IReadOnlyDictionary<string, string> Parse(string output, string makefile)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = output.Split('\n');
        for (var index = 0; index + 1 < lines.Length; index++)
        {
            if (Origin().Match(lines[index]) is not { Success: true } origin || origin.Groups[1].Value != makefile)
            {
                continue;
            }

            if (lines[index + 1].StartsWith("define ", StringComparison.Ordinal))
            {
                var text = new StringBuilder();
                var name = lines[index + 1]["define ".Length..];
                for (index += 2; index < lines.Length && lines[index] != "endef"; index++)
                {
                    text.Append(lines[index]).Append('\n');
                }

                result[name] = text.ToString();
            }
            else if (Value().Match(lines[index + 1]) is { Success: true } value && value.Groups[1].Value != "MAKEFILE_LIST")
            {
                result[value.Groups[1].Value] = value.Groups[2].Value.Trim();
            }
        }

        return result;
    }

    [GeneratedRegex(@"^# makefile \(from '(.*)', line \d+\)$")]
    private static partial Regex Origin();

    [GeneratedRegex(@"^(\S+) (?::=|::=|:::=|=|\+=|\?=) ?(.*)$")]
    private static partial Regex Value();
}
