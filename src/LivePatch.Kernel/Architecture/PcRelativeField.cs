namespace LivePatch.Kernel.Architecture;

/// <summary>A field of an instruction that holds the distance to an address.</summary>
/// <param name="Offset">Where it begins in the instruction.</param>
/// <param name="Width">The bytes it lies in.</param>
/// <param name="Target">Where it leads, counted from the instruction's first byte.</param>
/// <param name="IsBranch">True for calls and jumps, false for memory operands and computed addresses.</param>
/// <param name="IsShort">True for a branch that has a form that reaches farther, which an assembler takes where it must.</param>
/// <param name="Relocation">The relocation an assembler would have written; for a short branch that of its long form.</param>
/// <param name="Addend">The addend of that relocation for the symbol's own address: what is left when the machine counts from elsewhere
/// than the field.</param>
public readonly record struct PcRelativeField(
    int Offset, int Width, long Target, bool IsBranch, bool IsShort, uint Relocation, long Addend);
