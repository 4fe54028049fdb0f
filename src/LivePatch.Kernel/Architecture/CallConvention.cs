using System.Collections.Immutable;

namespace LivePatch.Kernel.Architecture;

/// <summary>Which registers calls use, by the numbers of <see cref="FlowOperand"/>.</summary>
/// <param name="Arguments">Those that carry arguments, in order.</param>
/// <param name="Result">The one that carries the result.</param>
/// <param name="Clobbered">A bit for each one a call may change.</param>
/// <param name="StackPointer">The stack pointer.</param>
/// <param name="FramePointer">The frame pointer, where there is one.</param>
public sealed record CallConvention(ImmutableArray<int> Arguments, int Result, uint Clobbered, int StackPointer, int FramePointer)
{
    /// <summary>The one that carries the second word of a structure that is the result; -1 for none.</summary>
    public int SecondResult { get; init; } = -1;
}
