using System.Text.RegularExpressions;

namespace LivePatch.Kernel.Distributions;

/// <summary>
/// A kernel's source and the directory it was built in, which are one directory unless the build used O=.
/// </summary>
/// <param name="Source">The source's top directory; absolute.</param>
/// <param name="Build">The directory with .config, generated headers and vmlinux; absolute.</param>
/// <remarks>An O= directory has a Makefile that includes the source's and, since 2.6, a link "source" to it (top Makefile,
/// outputmakefile; Linux 6.1 and 6.12). The build directory of a headers package looks alike, but what its Makefile
/// includes has no Kconfig.</remarks>
public sealed partial record BuiltTree(string Source, string Build)
{
    /// <summary>True when the build went into a directory of its own.</summary>
    public bool IsOutOfTree => Source != Build;

    /// <summary>Takes what the user named for a tree with a configuration.</summary>
    /// <param name="source">The source, or the build directory; null when only the build directory was named.</param>
    /// <param name="build">The build directory; null when only the other was named.</param>
    /// <returns>The tree; null when the directories are no configured source with its build directory.</returns>
    public static BuiltTree? TryFind(string? source, string? build)
    {
        var directory = Absolute(build ?? source);
        if (directory is null || !File.Exists(Path.Combine(directory, ".config")))
        {
            return null;
        }

        var top = IsSource(directory) ? directory : SourceOf(directory);
        var named = source is null || Absolute(source) == directory ? top : Absolute(source);
        return named is not null && top is not null && IsSource(named) ? new BuiltTree(named, directory) : null;
    }

    /// <summary>True for the top directory of a kernel source.</summary>
    public static bool IsSource(string directory) =>
        File.Exists(Path.Combine(directory, "Kbuild")) && File.Exists(Path.Combine(directory, "Kconfig"));

    /// <summary>The release the build was made for, which Kbuild writes before anything is compiled; null when nothing was.</summary>
    public string? Release => BuildDirectory.ReleaseOf(Build);

    /// <summary>The linked kernel, with its symbols; it need not exist.</summary>
    public string Image => Path.Combine(Build, "vmlinux");

    /// <summary>The source an O= directory belongs to.</summary>
    private static string? SourceOf(string build)
    {
        if (IsSource(Path.Combine(build, "source")))
        {
            return Directory.ResolveLinkTarget(Path.Combine(build, "source"), returnFinalTarget: true)?.FullName
                ?? Path.Combine(build, "source");
        }

        var included = IncludedMakefile().Match(ReadText(Path.Combine(build, "Makefile")) ?? string.Empty);
        return included.Success && Path.GetFullPath(included.Groups[1].Value, build) is var source && IsSource(source) ? source : null;
    }

    private static string? Absolute(string? path) => path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^include\s+(\S+)/Makefile\s*$", RegexOptions.Multiline)]
    private static partial Regex IncludedMakefile();
}
