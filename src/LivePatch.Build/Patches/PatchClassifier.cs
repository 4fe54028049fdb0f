using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Patches;

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
        // What the patches leave behind together: a file that one adds and the next removes is no change.
        var changed = new List<string>();
        var deleted = new List<string>();
        var ignored = new List<string>();
        var refused = false;
        foreach (var (patch, file) in patches.SelectMany(static patch => patch.Files.Select(file => (patch, file))))
        {
            var place = DiagnosticLocation.AtLine(patch.Name, file.PatchLine);
            if (!IsKernelCode(file) || (IsKconfig(file.Path) && KconfigText.IsAllText(file)))
            {
                ignored.Add(file.Path);
                diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{file.Path} is not code of the running kernel."));
                continue;
            }

            var refusals = new[] { file.OldPath, file.NewPath }.Distinct().Where(PatchedPathKind.IsKernelCode)
                .Select(path => PatchedPathKind.Refusal(path) is { } refusal ? refusal.Descriptor.At(place, $"{path} {refusal.Why}.") : null)
                .OfType<Diagnostic>()
                .ToList();
            diagnostics.AddRange(refusals);
            refused |= refusals.Count > 0;
            if (refusals.Count == 0)
            {
                Follow(file, existsInTree, changed, deleted);
            }
        }

        if (changed.Count == 0 && deleted.Count == 0 && !refused)
        {
            diagnostics.Add(PatchDiagnostics.NothingBuilt.At(
                patches.Count > 0 ? DiagnosticLocation.InFile(patches[0].Name) : DiagnosticLocation.None,
                "No file it touches is a C source or a header of the kernel."));
        }

        return new PatchPlan(
            [.. changed.Where(static path => !IsHeader(path))],
            [.. changed.Concat(deleted).Where(IsHeader)],
            [.. ignored.Distinct()],
            [.. deleted.Where(static path => !IsHeader(path))]);
    }

    private static void Follow(PatchedFile file, Func<string, bool> existsInTree, List<string> changed, List<string> deleted)
    {
        if (file.Kind is PatchedFileKind.Deleted or PatchedFileKind.Renamed && PatchedPathKind.IsKernelCode(file.OldPath))
        {
            changed.Remove(file.OldPath);
            if (existsInTree(file.OldPath) && !deleted.Contains(file.OldPath))
            {
                deleted.Add(file.OldPath);
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

    private static bool IsHeader(string path) => Path.GetExtension(path) == ".h";

    private static bool IsKconfig(string path) => Path.GetFileName(path).StartsWith("Kconfig", StringComparison.Ordinal);
}
