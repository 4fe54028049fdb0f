using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>Sorts the files of patches by what can be done about them, by their paths (<see cref="PatchedPathKind"/>).</summary>
public static class PatchClassifier
{
    /// <summary>False for changes of documentation, tools and the like, which are not part of the kernel that runs. A
    /// file that is renamed counts where it comes from and where it goes.</summary>
    public static bool IsKernelCode(PatchedFile file) =>
        PatchedPathKind.IsKernelCode(file.NewPath) || PatchedPathKind.IsKernelCode(file.OldPath);

    /// <summary>Sorts; every file that cannot be livepatched gets its refusal.</summary>
    /// <param name="patches">The patches, in the order they are applied.</param>
    /// <param name="existsInTree">Tells whether the kernel source has a path.</param>
    /// <param name="diagnostics">Receives refusals and notes.</param>
    public static PatchPlan Classify(IReadOnlyList<PatchFile> patches, Func<string, bool> existsInTree, DiagnosticBag diagnostics)
    {
        var all = patches.SelectMany(static patch => patch.Files).Where(IsKernelCode).ToList();
        if (all.Count > PatchLimits.Files || all.Count(static file => file.Kind == PatchedFileKind.Added) > PatchLimits.AddedFiles)
        {
            diagnostics.Add(PatchDiagnostics.TooLarge.At(
                DiagnosticLocation.InFile(patches[0].Name),
                $"The patches change {all.Count} files of the kernel and add "
                    + $"{all.Count(static file => file.Kind == PatchedFileKind.Added)} of them; "
                + $"at most {PatchLimits.Files} and {PatchLimits.AddedFiles} are built."));
            return new PatchPlan([], [], [], [], new Dictionary<string, string>(), []);
        }

        // What the patches leave behind together: a file that one adds and the next removes is no change.
        var changed = new List<string>();
        var deleted = new List<string>();
        var ignored = new List<string>();
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var buildFiles = new Dictionary<string, DiagnosticLocation>(StringComparer.Ordinal);
        var inputs = new List<(string Path, Diagnostic Refusal)>();
        var refused = false;
        foreach (var (patch, file) in patches.SelectMany(static patch => patch.Files.Select(file => (patch, file))))
        {
            var place = DiagnosticLocation.AtLine(patch.Name, file.PatchLine);
            if (!IsKernelCode(file))
            {
                ignored.Add(file.Path);
                diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{file.Path} is not code of the running kernel."));
                continue;
            }

            if (new[] { file.OldPath, file.NewPath }.FirstOrDefault(static path => !PatchedPathKind.IsSafe(path)) is { } odd)
            {
                diagnostics.Add(PatchDiagnostics.UnsafeName.At(place, $"'{odd}' would be read by make and a shell as more than a name."));
                refused = true;
                continue;
            }

            foreach (var path in new[] { file.OldPath, file.NewPath }.Distinct().Where(PatchedPathKind.IsBuildFile))
            {
                // What it means shows when the patch is applied.
                buildFiles.TryAdd(path, place);
            }

            var refusals = new[] { file.OldPath, file.NewPath }.Distinct()
                .Where(static path => PatchedPathKind.IsKernelCode(path) && !PatchedPathKind.IsBuildFile(path))
                .Select(
                    path => PatchedPathKind.Refusal(path) is { } refusal ? refusal.Descriptor.At(place, $"{path} {refusal.Why}.") : null)
                .OfType<Diagnostic>()
                .ToList();
            if (refusals.Count == 1 && file.Kind == PatchedFileKind.Modified && PatchedPathKind.MayBeInput(file.Path))
            {
                inputs.Add((file.Path, refusals[0]));
                continue;
            }

            diagnostics.AddRange(refusals);
            refused |= refusals.Count > 0;
            if (refusals.Count == 0)
            {
                Follow(file, existsInTree, changed, deleted, renamed);
            }
        }

        if (changed.Count == 0 && deleted.Count == 0 && buildFiles.Count == 0 && inputs.Count == 0 && !refused)
        {
            diagnostics.Add(PatchDiagnostics.NothingBuilt.At(
                patches.Count > 0 ? DiagnosticLocation.InFile(patches[0].Name) : DiagnosticLocation.None,
                "No file it touches is a C source or a header of the kernel."));
        }

        // A file under its old path again is that file, and the other one is new.
        foreach (var path in renamed.Where(pair => changed.Contains(pair.Value)).Select(static pair => pair.Key).ToList())
        {
            renamed.Remove(path);
        }

        return new PatchPlan(
            [.. changed.Where(IsSource)],
            [.. changed.Concat(deleted).Where(IsHeader).Where(existsInTree)],
            [.. ignored.Distinct()],
            [.. deleted.Where(path => IsSource(path) && !renamed.ContainsValue(path))],
            renamed,
            [.. buildFiles.Select(static item => (item.Key, item.Value))])
        {
            Inputs = inputs,
        };
    }

    private static void Follow(
        PatchedFile file, Func<string, bool> existsInTree, List<string> changed, List<string> deleted, Dictionary<string, string> renamed)
    {
        if (file.Kind is PatchedFileKind.Deleted or PatchedFileKind.Renamed && PatchedPathKind.IsKernelCode(file.OldPath))
        {
            changed.Remove(file.OldPath);
            renamed.Remove(file.OldPath, out var origin);
            origin ??= existsInTree(file.OldPath) ? file.OldPath : null;
            if (origin == file.OldPath && !deleted.Contains(origin))
            {
                deleted.Add(origin);
            }

            if (file.Kind == PatchedFileKind.Renamed && origin is not null && origin != file.NewPath && IsSource(origin)
                && IsSource(file.NewPath) && PatchedPathKind.IsKernelCode(file.NewPath) && !existsInTree(file.NewPath))
            {
                renamed[file.NewPath] = origin;
            }
        }

        if (file.Kind != PatchedFileKind.Deleted && PatchedPathKind.IsKernelCode(file.NewPath))
        {
            deleted.Remove(file.NewPath);
            if (!changed.Contains(file.NewPath))
            {
                changed.Add(file.NewPath);
            }
        }
    }

    private static bool IsSource(string path) => Path.GetExtension(path) == ".c";

    private static bool IsHeader(string path) => Path.GetExtension(path) == ".h";
}
