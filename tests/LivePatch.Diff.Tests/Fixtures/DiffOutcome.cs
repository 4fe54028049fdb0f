using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Explain;
using LivePatch.Elf;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>What the engine said about a case.</summary>
/// <param name="Changed">Replaced functions, by their names in the patched object.</param>
/// <param name="New">New functions.</param>
/// <param name="Diagnostics">Everything that was reported.</param>
/// <param name="External">Plain names of what the output leaves to the running kernel, exported or not.</param>
/// <param name="Output">The extracted object; null when there is none (refused, failed, or no change).</param>
public sealed record DiffOutcome(
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> New,
    IReadOnlyList<Diagnostic> Diagnostics,
    IReadOnlyList<string> External,
    ElfObject? Output)
{
    /// <summary>The engine's account of the result.</summary>
    public IReadOnlyList<ExplanationEntry> Explanation { get; init; } = [];
}
