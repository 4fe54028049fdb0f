using LivePatch.Core.Diagnostics;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>
/// Copies a module's source to where it may be built: the user's tree is only read. Version control and what Kbuild leaves
/// behind stay out, so that nothing counts as made. An object without Kbuild's record beside it is a source as
/// any other: vendors ship such.
/// </summary>
internal static class ModuleSourceCopy
{
    private static readonly string[] SkippedDirectories = [".git", ".hg", ".svn", ".tmp_versions"];
    private static readonly string[] SkippedFiles = ["modules.order", "Module.symvers", ".module-common.o"];
    private static readonly string[] SkippedSuffixes = [
        ".ko", ".mod", ".mod.c", ".mod.o", ".o.cmd", ".ko.cmd", ".mod.cmd", ".o.d", ".a.cmd"];

    /// <summary>Makes the copy.</summary>
    /// <exception cref="DiagnosticException">The directory is no module source or cannot be read (LP0362).</exception>
    public static void Make(string source, string target)
    {
        if (!Directory.Exists(source))
        {
            throw new DiagnosticException(OutOfTreeDiagnostics.BadSource.At(source, "There is no such directory."));
        }

        if (!File.Exists(Path.Combine(source, "Kbuild")) && !File.Exists(Path.Combine(source, "Makefile")))
        {
            throw new DiagnosticException(OutOfTreeDiagnostics.BadSource.At(source, "It has neither a Kbuild file nor a Makefile."));
        }

        try
        {
            Copy(new DirectoryInfo(source), target, source);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(OutOfTreeDiagnostics.BadSource.At(source, problem.Message));
        }
    }

    private static void Copy(DirectoryInfo from, string to, string top)
    {
        Directory.CreateDirectory(to);
        foreach (
            var entry in from.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }))
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                // A link that leaves the source must still lead to the same place.
                var absolute = Path.GetFullPath(Path.Combine(from.FullName, link));
                var inside = absolute.StartsWith(Path.GetFullPath(top) + "/", StringComparison.Ordinal) && !Path.IsPathRooted(link);
                File.CreateSymbolicLink(target, inside ? link : absolute);
            }
            else if (entry is DirectoryInfo directory)
            {
                if (!SkippedDirectories.Contains(entry.Name))
                {
                    Copy(directory, target, top);
                }
            }
            else if (!IsBuildResult(entry))
            {
                File.Copy(entry.FullName, target);
            }
        }
    }

    private static bool IsBuildResult(FileSystemInfo file) =>
        SkippedFiles.Contains(file.Name)
        || Array.Exists(SkippedSuffixes, suffix => file.Name.EndsWith(suffix, StringComparison.Ordinal))
        || (
            file.Name.EndsWith(".o", StringComparison.Ordinal)
                && File.Exists(Path.Combine(Path.GetDirectoryName(file.FullName)!, $".{file.Name}.cmd")));
}
