using LivePatch.Diff.Flow;

namespace LivePatch.Diff.Compare;

/// <summary>Whether a changed constant can be replaced by a copy for its readers.</summary>
/// <param name="IsConstant">True for a constant that only this object can refer to.</param>
/// <param name="IsPure">True when it holds no address of code or writable data.</param>
/// <param name="Kept">Where its address is kept, or may be; null when it is not.</param>
/// <param name="Passed">Where its address is passed to other functions.</param>
public sealed record ConstantVerdict(bool IsConstant, bool IsPure, AddressUse? Kept, IReadOnlyList<AddressUse> Passed)
{
    /// <summary>For what is no constant of this object alone.</summary>
    public static ConstantVerdict NoConstant { get; } = new(false, false, null, []);

    /// <summary>True when patched functions get a copy of their own.</summary>
    public bool IsCopied => IsConstant && Kept is null;
}
