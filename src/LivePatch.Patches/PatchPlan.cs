using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>What a set of patches means for a build. Paths are relative to the tree.</summary>
/// <param name="SourceFiles">C files to compile, each once, in patch order; new ones among them.</param>
/// <param name="Headers">Headers of the kernel that change or go. New ones are not here: only patched code can include them.</param>
/// <param name="Ignored">Files that are no kernel code.</param>
/// <param name="DeletedSources">C files that are removed, without those that were renamed.</param>
/// <param name="Renamed">For C files that had another path: that path, by the new one.</param>
/// <param name="BuildFiles">Makefiles and Kconfig files that change, with their place in the patch.</param>
public sealed record PatchPlan(
    IReadOnlyList<string> SourceFiles,
    IReadOnlyList<string> Headers,
    IReadOnlyList<string> Ignored,
    IReadOnlyList<string> DeletedSources,
    IReadOnlyDictionary<string, string> Renamed,
    IReadOnlyList<(string Path, DiagnosticLocation Place)> BuildFiles)
{
    /// <summary>Files that are neither C nor a header, from which the build may generate some, with the refusal for when it does
    /// not.</summary>
    public IReadOnlyList<(string Path, Diagnostic Refusal)> Inputs { get; init; } = [];
}
