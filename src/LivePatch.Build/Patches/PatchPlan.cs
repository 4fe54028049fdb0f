namespace LivePatch.Build.Patches;

/// <summary>What a set of patches means for a build. Paths are relative to the tree.</summary>
/// <param name="SourceFiles">C files to compile, each once, in patch order.</param>
/// <param name="Headers">Headers that change.</param>
/// <param name="Ignored">Files that are no kernel code.</param>
/// <param name="DeletedSources">C files that are removed.</param>
public sealed record PatchPlan(
    IReadOnlyList<string> SourceFiles,
    IReadOnlyList<string> Headers,
    IReadOnlyList<string> Ignored,
    IReadOnlyList<string> DeletedSources);
