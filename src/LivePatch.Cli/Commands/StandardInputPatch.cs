using LivePatch.Core.Diagnostics;
using LivePatch.Patches;

namespace LivePatch.Cli.Commands;

/// <summary>A patch that is piped in, kept as a file while the build needs it.</summary>
internal sealed class StandardInputPatch : IDisposable
{
    private readonly string _directory;

    private StandardInputPatch(string directory)
    {
        _directory = directory;
    }

    /// <summary>True when the process began without standard input.</summary>
    public static bool IsClosed { get; set; }

    /// <summary>Reads standard input into a file when a patch is "-", and puts the file's path in its place.</summary>
    /// <returns>Removes the file when it is disposed; null when there is none.</returns>
    /// <exception cref="DiagnosticException">It cannot be read (LP0001), or is asked for twice (LP0902).</exception>
    public static StandardInputPatch? Take(ref string[] patches)
    {
        var count = patches.Count(static patch => patch == "-");
        if (count == 0)
        {
            return null;
        }

        if (count > 1)
        {
            throw new DiagnosticException(
                CliDiagnostics.Usage.Anywhere("Standard input (-) is given as a patch twice, and can be read once."));
        }

        // The file's name is what the module and its messages are named after.
        var taken = new StandardInputPatch(Directory.CreateTempSubdirectory("klp-build-").FullName);
        var file = Path.Combine(taken._directory, "stdin.patch");
        try
        {
            Copy(file);
        }
        catch (Exception problem)
        {
            taken.Dispose();
            if (problem is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new DiagnosticException(
                    CoreDiagnostics.CannotRead.At("standard input", problem.Message, "Pipe a patch in, or name a patch file."));
            }

            throw;
        }

        patches = [.. patches.Select(patch => patch == "-" ? file : patch)];
        return taken;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A leftover in the temporary directory harms nobody.
        }
    }

    /// <summary>One byte more than a patch may have is enough to refuse it.</summary>
    private static void Copy(string file)
    {
        using var input = IsClosed ? throw new IOException("It is closed.") : Console.OpenStandardInput();
        using var output = File.Create(file);
        var buffer = new byte[1 << 16];
        int count;
        while (output.Length <= PatchLimits.Bytes && (count = input.Read(buffer)) > 0)
        {
            output.Write(buffer, 0, count);
        }
    }
}
