using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>A difference that was found not to matter.</summary>
/// <param name="Patched">Where it was.</param>
/// <param name="Text">What differed and why it does not count.</param>
public sealed record ForgivenDifference(Atom Patched, string Text);
