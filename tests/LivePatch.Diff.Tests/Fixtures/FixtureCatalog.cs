namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>Finds the cases of the repository.</summary>
public static class FixtureCatalog
{
    /// <summary>The kernel-fixtures directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All cases, each once per compiler, by name.</summary>
    public static IReadOnlyDictionary<string, FixtureCase> Cases { get; } =
        Directory.GetDirectories(Path.Combine(Root, "x86_64"))
            .Order(StringComparer.Ordinal)
            .SelectMany(static directory => FixtureParser.Parse(
                Path.GetFileName(directory), directory, File.ReadAllText(Path.Combine(directory, "expected.txt"))))
            .ToDictionary(static fixture => fixture.ToString(), StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "kernel-fixtures");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("kernel-fixtures is in no directory above the tests");
    }
}
