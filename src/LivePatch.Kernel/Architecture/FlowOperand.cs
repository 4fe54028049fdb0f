namespace LivePatch.Kernel.Architecture;

/// <summary>An operand, for following where an address goes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Register">The register, or the base of a memory operand; -1 for none.</param>
/// <param name="Index">The index of a memory operand; -1 for none.</param>
/// <param name="Value">The constant, or the displacement of a memory operand.</param>
/// <param name="IsPointerWide">True when it has the size of an address.</param>
public readonly record struct FlowOperand(
    FlowOperandKind Kind, int Register = -1, int Index = -1, long Value = 0, bool IsPointerWide = false)
{
    /// <summary>No operand.</summary>
    public static FlowOperand None { get; } = new(FlowOperandKind.None);
}
