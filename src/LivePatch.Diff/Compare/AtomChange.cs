using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>What the patch did to one atom of the patched object, and how that shows.</summary>
/// <param name="Patched">The atom.</param>
/// <param name="Original">Its original; null when it is new.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Reason">The first difference, or what made it count as changed, as a phrase; null for same.</param>
/// <param name="Offset">Offset of the first difference from the symbol, in bytes; null when it has no place.</param>
public sealed record AtomChange(Atom Patched, Atom? Original, ChangeKind Kind, string? Reason = null, ulong? Offset = null);
