using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Patches;

/// <summary>
/// Applies parsed patches with GNU patch, file by file, and puts what it says into diagnostics.
/// </summary>
/// <remarks>
/// GNU patch gets a text written anew from the parsed form and the path of the file to change, so that the dialect of
/// the patch, its prefixes and the quoting of its names do not matter, and so that nothing but that file is touched.
/// Renames are done here, and new files are written here. Only the placing of hunks is left to it: its fuzz rules are what users expect.
/// </remarks>
public static class PatchApplier
{
    /// <summary>GNU patch looks for each hunk in all of the file, which takes seconds for the largest files of the kernel.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Applies patches in their order. Files that are not kernel code are left out.</summary>
    /// <param name="overlay">The tree; files are made real as needed.</param>
    /// <param name="patches">The patches, each on top of the ones before.</param>
    /// <param name="runner">Runs <c>patch</c>.</param>
    /// <param name="cancellationToken">Ends it between two files, or in the middle of one.</param>
    /// <returns>What there is to report; fatal when a hunk did not fit. Goes on after a failure, to report every hunk.</returns>
    /// <exception cref="DiagnosticException"><c>patch</c> is not installed (LP0003), or the overlay cannot be written (LP0002).</exception>
    public static async Task<IReadOnlyList<Diagnostic>> ApplyAsync(
        PatchOverlay overlay, IReadOnlyList<PatchFile> patches, IProcessRunner runner, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        foreach (var patch in patches)
        {
            var before = diagnostics.Count;
            foreach (var file in patch.Files.Where(PatchClassifier.IsKernelCode))
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    await ApplyAsync(overlay, patch, file, runner, diagnostics, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
                {
                    throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(overlay.Root, problem.Message));
                }
            }

            PatchOrder.Explain(patches, patch, diagnostics, before);
        }

        return diagnostics;
    }

    private static async Task ApplyAsync(
        PatchOverlay overlay, PatchFile patch, PatchedFile file, IProcessRunner runner, DiagnosticBag diagnostics,
        CancellationToken cancellationToken)
    {
        if (Obstacle(overlay, file) is { } obstacle)
        {
            diagnostics.Add(obstacle.Descriptor.At(DiagnosticLocation.AtLine(patch.Name, file.PatchLine), obstacle.Text));
            return;
        }

        overlay.EnsureRealFile(file.OldPath);
        overlay.EnsureRealFile(file.NewPath);
        var path = Path.Combine(overlay.Root, file.NewPath);
        if (file.Kind == PatchedFileKind.Renamed)
        {
            File.Move(Path.Combine(overlay.Root, file.OldPath), path);
        }

        if (file.Kind == PatchedFileKind.Added)
        {
            await File.WriteAllBytesAsync(path, PatchText.Added(file), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (file.Hunks.Count == 0)
        {
            // Git writes no hunk for an empty file.
            if (file.Kind == PatchedFileKind.Deleted)
            {
                File.Delete(path);
            }

            return;
        }

        var before = File.Exists(path)
            ? await File.ReadAllTextAsync(path, Encoding.Latin1, cancellationToken).ConfigureAwait(false)
            : string.Empty;
        var lines = before.Split('\n').Select(static line => line.TrimEnd('\r')).ToList();
        var input = overlay.Root + ".patch";
        try
        {
            await File.WriteAllBytesAsync(input, PatchText.Of(file, HasDosLines(path)), cancellationToken).ConfigureAwait(false);
            var result = await runner.RunAsync(
                new ProcessRequest(
                    "patch",
                    ["--batch", "--forward", "--no-backup-if-mismatch", "--reject-file=-", $"--input={input}", "--", file.NewPath])
                {
                    WorkingDirectory = overlay.Root,
                    Timeout = Limit,
                    Environment = new Dictionary<string, string?>
                    {
                        ["LC_ALL"] = "C",
                        ["POSIXLY_CORRECT"] = null,
                        ["PATCH_VERSION_CONTROL"] = null,
                        ["PATCH_GET"] = null,
                        ["SIMPLE_BACKUP_SUFFIX"] = null,
                    },
                },
                cancellationToken).ConfigureAwait(false);
            PatchReport.Read(patch, file, lines, result, diagnostics);
        }
        finally
        {
            File.Delete(input);
        }
    }

    /// <summary>Why the file cannot be patched at all; null when it can.</summary>
    private static (DiagnosticDescriptor Descriptor, string Text)? Obstacle(PatchOverlay overlay, PatchedFile file)
    {
        bool hasOld = File.Exists(Path.Combine(overlay.Root, file.OldPath)), hasNew = File.Exists(Path.Combine(overlay.Root, file.NewPath));
        return file.Kind switch
        {
            not PatchedFileKind.Deleted when FileAbove(overlay, file.NewPath) is { } above =>
                (PatchDiagnostics.DoesNotApply, $"It makes {file.NewPath}, and {above} is a file."),
            PatchedFileKind.Added when Directory.Exists(Path.Combine(overlay.Root, file.NewPath)) =>
                (PatchDiagnostics.DoesNotApply, $"It makes {file.NewPath}, which is a directory."),
            PatchedFileKind.Added when hasNew => (PatchDiagnostics.AlreadyApplied, $"It adds {file.NewPath}, which exists."),
            PatchedFileKind.Renamed when hasNew && !hasOld =>
                (PatchDiagnostics.AlreadyApplied, $"It renames {file.OldPath} to {file.NewPath}, which is done."),
            PatchedFileKind.Renamed when hasNew =>
                (PatchDiagnostics.DoesNotApply, $"It renames {file.OldPath} to {file.NewPath}, which exists and is another file."),
            PatchedFileKind.Deleted when !hasOld => (PatchDiagnostics.AlreadyApplied, $"It removes {file.OldPath}, which does not exist."),
            not PatchedFileKind.Added when !hasOld => (PatchDiagnostics.FileMissing, $"The kernel source has no {file.OldPath}."),
            _ => null,
        };
    }

    /// <summary>The part of a path that would have to be a directory and is a file; null when there is none.</summary>
    private static string? FileAbove(PatchOverlay overlay, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (File.Exists(Path.Combine(overlay.Root, path[..slash])))
            {
                return path[..slash];
            }
        }

        return null;
    }

    private static bool HasDosLines(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var start = new byte[4096];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var end = start.AsSpan(0, length).IndexOf((byte)'\n');
        return end > 0 && start[end - 1] == '\r';
    }
}
