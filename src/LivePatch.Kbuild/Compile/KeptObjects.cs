using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Compile;

/// <summary>
/// Objects of the unpatched source, kept from run to run: each beside a sealed record of the command that made it and of its size and hash.
/// One that is cut short, changed, another's or the patched one in its place does not agree with its record, and is the same as none.
/// An object that was made with files which Kbuild made in the tree also names their generation (<see cref="TreeGuard.Generation"/>): when
/// they are lost it is made anew, which brings them back.
/// </summary>
internal sealed class KeptObjects(WorkTree tree, Action<string> onDamage)
{
    private const string Always = "-";

    /// <summary>Where the object of a path is kept.</summary>
    public string FileFor(string objectPath) => Path.Combine(tree.Objects, objectPath);

    /// <summary>The command that made a kept object; null when none is kept that is whole.</summary>
    public string? CommandOf(string file)
    {
        if (SealedFile.TryReadText(RecordOf(file), SubjectOf(file), onDamage) is not { } record)
        {
            return null;
        }

        var parts = record.Split('\n', 3);
        if (parts.Length != 3 || (parts[0] != Always && parts[0] != tree.Guard?.Generation))
        {
            return null;
        }

        if (TrySeal(file) != parts[1])
        {
            onDamage($"{file} is damaged; it is made anew");
            return null;
        }

        return parts[2];
    }

    /// <summary>Puts an object into its place, and then the record that says so.</summary>
    /// <param name="made">The object, on the same file system; it is moved.</param>
    /// <param name="file">Its place.</param>
    /// <param name="command">What made it.</param>
    /// <param name="usesGenerated">It was made with files that Kbuild made in the tree.</param>
    /// <exception cref="DiagnosticException">It cannot be written (LP0002).</exception>
    public void Keep(string made, string file, string command, bool usesGenerated)
    {
        try
        {
            MakeDirectories(Path.GetDirectoryName(file)!);
            SetAside.Obstacle(file);
            var seal = TrySeal(made) ?? throw new IOException($"{made} cannot be read");
            File.Move(made, file, overwrite: true);
            SealedFile.WriteText(
                RecordOf(file), SubjectOf(file), $"{(usesGenerated ? tree.Guard?.Generation ?? Always : Always)}\n{seal}\n{command}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(file, problem.Message));
        }
    }

    private static string RecordOf(string file) => file + ".cmd";

    private string SubjectOf(string file) => $"{tree.Name} {Path.GetRelativePath(tree.Directory, file)}";

    private void MakeDirectories(string directory)
    {
        if (directory.Length > tree.Objects.Length)
        {
            MakeDirectories(Path.GetDirectoryName(directory)!);
        }

        CacheDirectory.MakeOwn(directory);
    }

    private static string? TrySeal(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            var bytes = File.ReadAllBytes(file);
            return string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} {ContentHash.Of(bytes):x16}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
