namespace LivePatch.TestSupport;

/// <summary>The checkout the tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>Its directory.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "LivePatch.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run from a checkout.");
    }
}
