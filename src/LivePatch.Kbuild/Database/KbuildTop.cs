namespace LivePatch.Kbuild.Database;

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

    private const char Separator = '\u0001';
    private static readonly string[] Parts = ["environment", "roots", "head", "libraries"];

    /// <summary>What Rules/environment.mk wrote, as one text for <see cref="Parse"/>.</summary>
    public static string Join(string directory) =>
        string.Join(Separator, Parts.Select(part => File.ReadAllText(Path.Combine(directory, part))));

    /// <summary>Reads the text; null when it is none.</summary>
    public static KbuildTop? Parse(string text)
    {
        if (text.Split(Separator) is not [var environment, var roots, var head, var libraries])
        {
            return null;
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in environment.Split('\0'))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables[item[..equals]] = item[(equals + 1)..];
            }
        }

        return new KbuildTop(
            variables,
            Words(roots),
            Words(head).ToHashSet(StringComparer.Ordinal),
            Words(libraries)
                .Where(static word => word.EndsWith('/'))
                .Select(static word => word.TrimEnd('/'))
                .ToHashSet(StringComparer.Ordinal));
    }

    private static string[] Words(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
