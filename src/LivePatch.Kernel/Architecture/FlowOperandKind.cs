namespace LivePatch.Kernel.Architecture;

/// <summary>What an operand is.</summary>
public enum FlowOperandKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A register.</summary>
    Register,

    /// <summary>Memory.</summary>
    Memory,

    /// <summary>A constant.</summary>
    Constant,
}
