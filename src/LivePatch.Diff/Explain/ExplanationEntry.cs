namespace LivePatch.Diff.Explain;

/// <summary>Why one thing is, or is not, in the result.</summary>
/// <param name="Kind">What the entry is about.</param>
/// <param name="Name">The symbol, section or literal.</param>
/// <param name="Section">The section it lies in; empty for symbols outside the object.</param>
/// <param name="Reasons">The chain of reasons, the nearest first, as phrases.</param>
public sealed record ExplanationEntry(ExplanationKind Kind, string Name, string Section, IReadOnlyList<string> Reasons);
