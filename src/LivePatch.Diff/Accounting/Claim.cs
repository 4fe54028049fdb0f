using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Accounting;

/// <summary>What accounts for one piece of an object.</summary>
/// <param name="Kind">How.</param>
/// <param name="IsPatched">True for a piece of the patched object, false for one of the original.</param>
/// <param name="Section">The section it lies in; null for a symbol without one.</param>
/// <param name="Atom">The function, variable or entry; null when the claim is about a whole section or a symbol.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Reason">The rule or the evidence, as a phrase.</param>
public sealed record Claim(ClaimKind Kind, bool IsPatched, ElfSection? Section, Atom? Atom, string Name, string Reason);
