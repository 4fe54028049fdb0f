namespace LivePatch.Kernel.Architecture;

/// <summary>One instruction, as far as following arguments to a call goes.</summary>
/// <param name="Offset">Offset in the code, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="IsCall">True for calls.</param>
/// <param name="EndsBlock">True for jumps and returns.</param>
/// <param name="Register">Number of the argument register it loads with a constant, or one that stands for the stack; -1 for others.</param>
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
}
