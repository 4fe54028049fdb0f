namespace LivePatch.Kernel.Architecture;

/// <summary>One instruction, as far as following addresses goes.</summary>
/// <param name="Offset">Offset in the code, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Target">What it changes; for comparisons the left side.</param>
/// <param name="Source">What it takes.</param>
/// <param name="JumpTarget">For jumps and calls within the code the offset they go to; null for others and where a relocation says it.</param>
public sealed record FlowInstruction(ulong Offset, int Length, FlowOperation Operation, FlowOperand Target, FlowOperand Source, ulong? JumpTarget);
