using LivePatch.Core.Diagnostics;

namespace LivePatch.Cli.Commands;

/// <summary>The directory for temporary files, which compilers, patch and make use as well as this program.</summary>
internal static class TemporaryPlace
{
    /// <summary>Checks it before anything is begun.</summary>
    /// <exception cref="DiagnosticException">It cannot be used (LP0907).</exception>
    public static void Check()
    {
        var directory = Path.GetTempPath();
        try
        {
            var probe = Path.Combine(directory, $"klp-build-{Path.GetRandomFileName()}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CliDiagnostics.NoTemporaryDirectory.At(directory, problem.Message));
        }
    }
}
