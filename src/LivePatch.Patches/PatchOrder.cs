using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>Says so where a patch may fail for the order in which several were given, which no porting of hunks mends.</summary>
internal static class PatchOrder
{
    /// <summary>Gives failures of one patch the remedy that fits, where another patch has to do with the same file.</summary>
    /// <param name="patches">All patches, in their order.</param>
    /// <param name="patch">The patch that was applied last.</param>
    /// <param name="diagnostics">Its failures are changed in place.</param>
    /// <param name="from">Where they begin.</param>
    public static void Explain(IReadOnlyList<PatchFile> patches, PatchFile patch, DiagnosticBag diagnostics, int from)
    {
        var place = patches.TakeWhile(item => !ReferenceEquals(item, patch)).Count();
        for (var index = from; index < diagnostics.Count; index++)
        {
            var failure = diagnostics[index];
            if (!failure.IsFatal || FileAt(patch, failure.Location.Line) is not { } file)
            {
                continue;
            }

            if (patches.Skip(place + 1).FirstOrDefault(item => Touches(item, file)) is { } later)
            {
                diagnostics.Replace(index, failure with
                {
                    Remedy =
                        $"Patches are applied in the order they are given. {later.Name} comes after this one and changes {file.Path} too: "
                        + $"if this one was made on top of it, give it first. {failure.Remedy}",
                });
            }
            else if (patches.Take(place).LastOrDefault(item => Touches(item, file)) is { } earlier)
            {
                diagnostics.Replace(index, failure with
                {
                    Remedy = $"Patches are applied in the order they are given, and {earlier.Name} has changed {file.Path} before: "
                        + $"if that one was made on top of this one, give this one first; if this one was made for the source without "
                        + $"it, make it again on top. {failure.Remedy}",
                });
            }
        }
    }

    private static PatchedFile? FileAt(PatchFile patch, int? line) => patch.Files.LastOrDefault(file => file.PatchLine <= line);

    private static bool Touches(PatchFile patch, PatchedFile file) =>
        patch.Files.Any(item => item.NewPath == file.NewPath || item.OldPath == file.OldPath || item.NewPath == file.OldPath);
}
