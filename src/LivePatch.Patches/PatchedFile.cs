namespace LivePatch.Patches;

/// <summary>What a patch does to one file. Paths are relative to the tree's root.</summary>
/// <param name="OldPath">Path before.</param>
/// <param name="NewPath">Path after; the same unless renamed.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Hunks">The changes, in file order.</param>
/// <param name="PatchLine">Line of the file's header in the patch, from 1.</param>
public sealed record PatchedFile(string OldPath, string NewPath, PatchedFileKind Kind, IReadOnlyList<PatchHunk> Hunks, int PatchLine)
{
    /// <summary>The path to speak of.</summary>
    public string Path => Kind == PatchedFileKind.Deleted ? OldPath : NewPath;
}
