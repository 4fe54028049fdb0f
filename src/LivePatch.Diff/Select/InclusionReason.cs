using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>Why an atom is in the result.</summary>
/// <param name="From">The atom that brought it in; null for one that is there on its own account.</param>
/// <param name="Text">The reason, as a phrase.</param>
public sealed record InclusionReason(Atom? From, string Text);
