using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>A parsed patch.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Files">What it does, in its order.</param>
/// <param name="Bytes">The file as it is.</param>
public sealed record PatchFile(string Name, IReadOnlyList<PatchedFile> Files, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads a patch: git, quilt, diff -up; -p1 or -p0, whichever leads to files of the tree.</summary>
    /// <param name="path">The patch file.</param>
    /// <param name="existsInTree">Tells whether the kernel source has a path.</param>
    /// <param name="diagnostics">Receives what is wrong with it.</param>
    /// <returns>Null when a fatal diagnostic was added.</returns>
    public static PatchFile? TryRead(string path, Func<string, bool> existsInTree, DiagnosticBag diagnostics)
    {
        if (Directory.Exists(path))
        {
            diagnostics.Add(
                CoreDiagnostics.CannotRead.At(path, "It is a directory.", "Name the patch files, in the order they are applied."));
            return null;
        }

        try
        {
            return TryParse(path, ReadBounded(path), existsInTree, diagnostics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }

    /// <summary>One byte more than may be read, at the most: the path may be a device or a pipe, which has no length.</summary>
    private static byte[] ReadBounded(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        int count;
        while (content.Length <= PatchLimits.Bytes && (count = file.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>As <see cref="TryRead"/>, from memory.</summary>
    public static PatchFile? TryParse(
        string name, ReadOnlyMemory<byte> bytes, Func<string, bool> existsInTree, DiagnosticBag diagnostics) =>
        new PatchParser(name, bytes, existsInTree, diagnostics).Parse();
}
