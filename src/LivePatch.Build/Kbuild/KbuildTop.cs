namespace LivePatch.Build.Kbuild;

/// <summary>What the kernel's top Makefile hands to the makefiles of directories.</summary>
/// <param name="Variables">The variables it exports.</param>
/// <param name="Roots">The directories it enters: "." since Linux 6.1, a list before (or an external module's).</param>
/// <param name="HeadObjects">Objects it links by themselves (head-y, up to Linux 6.0).</param>
/// <param name="LibraryDirectories">Directories whose lib.a is linked into vmlinux (libs-y), without a slash at the end.</param>
internal sealed record KbuildTop(
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlyList<string> Roots,
    IReadOnlySet<string> HeadObjects,
    IReadOnlySet<string> LibraryDirectories)
{
    private static readonly char[] Blanks = [' ', '\t', '\n'];

    /// <summary>Reads what Rules/environment.mk wrote; null when something is missing.</summary>
    public static KbuildTop? TryRead(string directory)
    {
        if (!File.Exists(Path.Combine(directory, "environment")))
        {
            return null;
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in File.ReadAllText(Path.Combine(directory, "environment")).Split('\0'))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables[item[..equals]] = item[(equals + 1)..];
            }
        }

        return new KbuildTop(
            variables,
            Words(directory, "roots"),
            Words(directory, "head").ToHashSet(StringComparer.Ordinal),
            Words(directory, "libraries").Where(static word => word.EndsWith('/')).Select(static word => word.TrimEnd('/')).ToHashSet(StringComparer.Ordinal));
    }

    private static string[] Words(string directory, string name) =>
        File.ReadAllText(Path.Combine(directory, name)).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
