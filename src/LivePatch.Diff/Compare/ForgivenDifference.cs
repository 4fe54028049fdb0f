using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>A difference that was found not to matter.</summary>
/// <param name="Patched">Where it was.</param>
/// <param name="Text">What differed and why it does not count.</param>
/// <param name="IsLine">True for source line numbers, false for names the compiler chose and for the author's word.</param>
public sealed record ForgivenDifference(Atom Patched, string Text, bool IsLine = false);
