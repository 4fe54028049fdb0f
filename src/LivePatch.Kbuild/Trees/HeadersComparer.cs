using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// Compares the headers a distribution installs with those of the source. They are copies, so one that differs means that
/// the source has other patches than the kernel: another flavour's, or somebody's own. Version numbers do not show that.
/// </summary>
internal static class HeadersComparer
{
    /// <summary>Checks; does nothing where the headers are not installed apart.</summary>
    /// <exception cref="DiagnosticException">One differs or is missing (LP0381).</exception>
    public static void Check(WorkTreeInputs inputs, string tree)
    {
        if (inputs.CommonHeadersDirectory is not { } common || !Directory.Exists(Path.Combine(common, "include")))
        {
            return;
        }

        var differing = Directory.EnumerateFiles(Path.Combine(common, "include"), "*.h", SearchOption.AllDirectories)
            .Select(header => Path.GetRelativePath(common, header))
            .Where(header => !IsSame(Path.Combine(common, header), Path.Combine(tree, header)))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (differing.Count > 0)
        {
            throw new DiagnosticException(BuildDiagnostics.SourceNotOfHeaders.At(
                inputs.SourcePath,
                $"{differing.Count} of its headers differ from those in {common}: "
                    + $"{string.Join(", ", differing.Take(3))}{(differing.Count > 3 ? ", ..." : string.Empty)}."));
        }
    }

    private static bool IsSame(string one, string other) =>
        new FileInfo(other) is { Exists: true } second && new FileInfo(one).Length == second.Length
        && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));
}
