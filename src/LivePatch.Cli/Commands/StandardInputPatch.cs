namespace LivePatch.Cli.Commands;

/// <summary>A patch that is piped in, kept as a file while the build needs it.</summary>
internal sealed class StandardInputPatch : IDisposable
{
    private readonly string _directory;

    private StandardInputPatch(string directory)
    {
        _directory = directory;
    }

    /// <summary>Reads standard input into a file when a patch is "-", and puts the file's path in its place.</summary>
    /// <returns>Removes the file when it is disposed; null when there is none.</returns>
    public static StandardInputPatch? Take(ref string[] patches)
    {
        if (!patches.Contains("-", StringComparer.Ordinal))
        {
            return null;
        }

        // The file's name is what the module and its messages are named after.
        var directory = Directory.CreateTempSubdirectory("klp-build-").FullName;
        var file = Path.Combine(directory, "stdin.patch");
        using (var input = Console.OpenStandardInput())
        using (var output = File.Create(file))
        {
            input.CopyTo(output);
        }

        patches = [.. patches.Select(patch => patch == "-" ? file : patch)];
        return new StandardInputPatch(directory);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
