using System.IO.Enumeration;

namespace LivePatch.Kbuild.Trees;

/// <summary>Length and time of every file of a source directory that a compile may read. What a build left there is passed
/// over: a build of modules is later than the kernel, and changes nothing of the source.</summary>
internal static class SourceStamps
{
    /// <summary>The files, by path below the directory, sorted.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be read.</exception>
    public static IReadOnlyList<(string Path, long Length, DateTime Time)> Read(string root)
    {
        // The file system tells length and time while it lists: asking for each of eighty thousand files again takes seconds.
        var files = new FileSystemEnumerable<(string Path, long Length, DateTime Time)>(
            root,
            static (ref FileSystemEntry entry) => (
                Path.GetRelativePath(entry.RootDirectory.ToString(), entry.ToFullPath()), entry.Length, entry.LastWriteTimeUtc.UtcDateTime),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory && IsSource(entry.FileName),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => entry.FileName is not ".git",
        };
        var all = files.ToList();
        var generated = Generated(root);
        return [.. all.Where(file => !generated.Contains(file.Path)).OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    private static bool IsSource(ReadOnlySpan<char> name) =>
        name is "Makefile" or "Kbuild" or "Kconfig"
        || (name.Length > 2 && name[0] != '.' && name[^2] == '.' && name[^1] is 'c' or 'h' or 'S' && !name.EndsWith(".mod.c"));

    /// <summary>What Kbuild made has a record of the command beside it: .NAME.cmd.</summary>
    private static HashSet<string> Generated(string root)
    {
        if (!Directory.Exists(Path.Combine(root, "include/generated")))
        {
            return [];
        }

        var records = new FileSystemEnumerable<string>(
            root,
            static (ref FileSystemEntry entry) => Path.GetRelativePath(entry.RootDirectory.ToString(), entry.ToFullPath()),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) =>
                !entry.IsDirectory && entry.FileName.StartsWith(".") && entry.FileName.EndsWith(".cmd"),
        };
        return [
            .. records.Select(
                static record => Path.Combine(Path.GetDirectoryName(record) ?? string.Empty, Path.GetFileName(record)[1..^4]))];
    }
}
