using LivePatch.Diff;
using LivePatch.Kernel;

namespace LivePatch.Pipeline;

/// <summary>The comparison of a compiled object, as part of one of its owners.</summary>
/// <param name="Path">The object's path in the patched tree.</param>
/// <param name="Owner">What it is linked into.</param>
/// <param name="Diff">What differs.</param>
public sealed record ObjectComparison(string Path, ObjectOwner Owner, DiffResult Diff);
