namespace LivePatch.Diff.Compare;

/// <summary>The first difference found between two atoms.</summary>
/// <param name="Text">What differs, as a phrase.</param>
/// <param name="Offset">Where, in bytes from the atom's start; null when it has no place.</param>
internal sealed record Difference(string Text, ulong? Offset = null);
