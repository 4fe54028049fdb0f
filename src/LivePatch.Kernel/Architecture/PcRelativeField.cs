namespace LivePatch.Kernel.Architecture;

/// <summary>A field of an instruction that holds the distance to an address, counted from the instruction's end.</summary>
/// <param name="Offset">Where it begins in the instruction.</param>
/// <param name="Width">Its bytes: 1 or 4.</param>
/// <param name="Distance">What it holds.</param>
/// <param name="IsBranch">True for calls and jumps, false for memory operands and computed addresses.</param>
public readonly record struct PcRelativeField(int Offset, int Width, long Distance, bool IsBranch);
