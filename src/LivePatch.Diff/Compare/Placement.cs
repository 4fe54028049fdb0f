namespace LivePatch.Diff.Compare;

/// <summary>A move of a function or variable that changes nothing else about it.</summary>
/// <param name="Text">What moved from where to where, as a phrase.</param>
/// <param name="IsHarmless">True when the sections differ in where they lie in memory only.</param>
internal sealed record Placement(string Text, bool IsHarmless);
