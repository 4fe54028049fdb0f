using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Cli.Commands;

/// <summary>
/// The cache that a build works in. Kbuild is given directories of it as words for make, for the shell and for options of the compiler,
/// none of which can be quoted for all three; so what one of them would read otherwise is refused before anything is made there.
/// </summary>
internal static class CachePath
{
    private const string Signs = "/._-+=@~";

    /// <summary>The directory that was given, or the user's own.</summary>
    /// <exception cref="DiagnosticException">There is none (LP0384), or make would not understand its path (LP0910).</exception>
    public static string Of(string? given)
    {
        var path = given ?? CacheDirectory.DefaultRoot;
        var full = Path.GetFullPath(path);
        try
        {
            full = new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What is wrong with it is told when it is opened.
        }

        foreach (var sign in full)
        {
            if (!char.IsLetterOrDigit(sign) && !Signs.Contains(sign, StringComparison.Ordinal))
            {
                throw new DiagnosticException(CliDiagnostics.CachePath.At(
                    full, $"There is a '{sign}' in it, which make, the shell or the compiler would read otherwise."));
            }
        }

        return path;
    }
}
