namespace LivePatch.Kernel.Architecture;

/// <summary>One instruction, as far as following arguments to a call goes.</summary>
/// <param name="Offset">Offset in the code, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="IsCall">True for calls.</param>
/// <param name="EndsBlock">True for jumps and returns.</param>
/// <param name="Register">Number of the argument register it loads with a constant, or one that stands for the stack; -1 for
/// others.</param>
/// <param name="ArgumentImmediate">That constant; null for others.</param>
/// <param name="ImmediateOffset">Offset of the constant in the instruction; the constant ends it.</param>
public readonly record struct ArgumentInstruction(
    ulong Offset,
    int Length,
    bool IsCall,
    bool EndsBlock,
    int Register,
    long? ArgumentImmediate,
    int ImmediateOffset)
{
    /// <summary>For an unconditional jump within the code the offset it goes to; null for others.</summary>
    public ulong? JumpTarget { get; init; }

    /// <summary>True for an unconditional jump to a place that the instruction names, within the code or elsewhere.</summary>
    public bool IsJump { get; init; }

    /// <summary>For a call or jump within the code, conditional or not, the offset it goes to; null for others.</summary>
    public ulong? BranchTarget { get; init; }

    /// <summary>What a branch does, whatever the width of its distance: equal numbers are equal conditions. 0 for other
    /// instructions.</summary>
    public int BranchKind { get; init; }

    /// <summary>True for an instruction that does nothing, as they stand before a loop.</summary>
    public bool IsNop { get; init; }

    /// <summary>True when it writes to memory from a register or a constant, and does nothing else.</summary>
    public bool IsStore { get; init; }

    /// <summary>True for the instruction that raises the exception WARN and BUG are made of.</summary>
    public bool IsTrap { get; init; }
}
